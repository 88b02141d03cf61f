import { gather, reshape, sub, type Tensor, tensor1d } from "@tensorflow/tfjs-core";
import { scope } from "@tfblocks/tensor-utils";
import type { LanguageModel } from "@tfblocks/transformer";
import { patchGrid } from "../experiments/patch-grid.js";
import { headLabel } from "../models/attention-label.js";
import type { ReportPatching } from "../pictures/report/report.js";
import { logitLens } from "../stream/logit-lens.js";
import { predictsNext } from "../stream/stream-options.js";
import type { Subject } from "./subject.js";

/** The text of a token, and what is called after each head. */
export interface PatchingSettings {
  readonly textOf: (id: number) => string;
  readonly onProgress: (done: number, total: number) => void | Promise<void>;
}

/**
 * How much of the first text's prediction each head brings back when its output is patched into the run of the second text.
 * Undefined for a model that does not predict the next token.
 */
export async function reportPatching(
  model: LanguageModel,
  clean: Subject,
  corrupt: Subject,
  { textOf, onProgress }: PatchingSettings,
): Promise<ReportPatching | undefined> {
  if (model.head === undefined || !predictsNext(model)) return undefined;
  const [token, other] = [await predictedToken(clean), await predictedToken(corrupt)];
  const measure =
    ({ ids }: Subject) =>
    (each: LanguageModel) =>
      scope(() => logitDifference(each.apply(ids, { lastOnly: true }).logits, token, other));
  const grid = await patchGrid(model, { clean: measure(clean), corrupt: measure(corrupt) }, { onProgress });
  const name = (id: number): string => JSON.stringify(textOf(id));
  return {
    measure: token === other ? `the logit of ${name(token)}` : `the logit of ${name(token)} minus that of ${name(other)}`,
    clean: grid.clean,
    corrupt: grid.corrupt,
    heads: grid.cells.map(({ attention, head, restored }) => ({ name: headLabel({ attention: attention!, head: head! }), restored })),
  };
}

/** The logit of a token minus that of another one, or the logit itself if they are the same. @param logits `[1, 1, vocabSize]` */
function logitDifference(logits: Tensor, token: number, other: number): Tensor {
  const flat = reshape(logits, [-1]);
  const logitOf = (id: number): Tensor => gather(flat, tensor1d([id], "int32"));
  return token === other ? logitOf(token) : sub(logitOf(token), logitOf(other));
}

/** The likeliest token after the last one. */
async function predictedToken({ model, ids, options }: Subject): Promise<number> {
  const { layers } = await logitLens(model, ids, { ...options, at: ids.shape[1] - 1, topK: 1 });
  return layers.at(-1)![0]![0]!.top[0]!.token;
}
