import { predictsNext } from "../stream/stream-options.js";
import { logitLens } from "../stream/logit-lens.js";
import type { LensReading } from "../stream/lens-reading.js";
import { tokenLosses } from "../stream/token-losses.js";
import type { ReportLens, ReportLoss } from "../pictures/report/report.js";
import type { Subject } from "./subject.js";

/** The lens reads so many positions that about so many products are computed, less than a second. */
const lensProducts = 1.5e10;

/** It reads at most so many cells of layer and position: about 2.5 MB of the page, of which 2048 tokens of 12 layers took 8 MB. */
const lensCells = 2 ** 13;

/** What each layer would predict. */
interface Predictions {
  readonly lens: ReportLens;
  /** The first position that the lens reads. */
  readonly first: number;
  /** The likeliest token after the last one. */
  readonly predicted: number;
}

/** What each layer would predict at the last positions. */
export async function reportLens(subject: Subject, textOf: (id: number) => string): Promise<Predictions> {
  const { model, text, ids, options } = subject;
  const layers = "decoder" in model ? model.decoder.layers.length : model.stack.layers.length;
  const width = ids.shape[1];
  const perPosition = (layers + 1) * model.vocabSize * widthOf(subject);
  const most = Math.floor(Math.min(lensProducts / perPosition, lensCells / (layers + 1)));
  const first = Math.max(0, width - Math.max(1, most));
  const at = Array.from({ length: width - first }, (_, index) => first + index);
  const lens = await logitLens(model, ids, { ...options, at, topK: Math.min(5, model.vocabSize) });
  const cell = (reading: LensReading | null, index: number) => ({
    token: text.tokens[first + index]!,
    entropy: reading!.entropy,
    top: reading!.top.map(({ token, probability }) => ({ token: textOf(token), probability })),
  });
  const names = ["embedding", ...Array.from({ length: layers }, (_, layer) => `after L${layer}`)];
  const predicted = lens.layers.at(-1)![0]!.at(-1)!.top[0]!.token;
  return { lens: { layers: names, positions: lens.layers.map(([row]) => row!.map(cell)) }, first, predicted };
}

function widthOf({ model }: Subject): number {
  const input = "decoder" in model ? model.targetInput : model.input;
  return Object.values(input.tokenEmbedding.parameters())[0]!.shape.at(-1)!;
}

/** The loss of each token that has one; undefined for a model that does not predict the next token. */
export async function reportLosses({ model, text, ids, options }: Subject): Promise<ReportLoss[] | undefined> {
  if (!predictsNext(model)) return undefined;
  const { losses } = await tokenLosses(model, ids, options);
  return losses[0]!.flatMap((loss, index) => (loss === null ? [] : [{ token: text.tokens[index + 1]!, loss }]));
}
