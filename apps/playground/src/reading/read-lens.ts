import { type LensReading as LayerLens, logitLens } from "@tfblocks/analysis/models";
import { EncoderDecoder } from "@tfblocks/transformer";
import type { ModelTokenizer } from "../models/opened-model.js";
import type { OnProgress } from "./follow.js";
import { checkHead, likelyToken } from "./read-predictions.js";
import type { LensCellReading, LensReading } from "./readings.js";
import type { Run } from "./run.js";

/** The lens reads so many cells of layer and position, … */
const mostCells = 2 ** 14;
/** … with so many products in all: about ten seconds. */
const mostProducts = 1e11;
const topK = 3;

/** What each layer would predict at each position; of a long text at its last ones. @throws ReadingError when the model has no head */
export async function readLens(run: Run, onProgress: OnProgress): Promise<LensReading> {
  const { model, tensors, texts, opened } = run;
  checkHead(opened);
  const layers = (model instanceof EncoderDecoder ? model.decoder : model.stack).layers.length;
  const { length } = texts.text.ids;
  const first = length - Math.min(length, positionsWithin(run, layers + 1));
  const at = Array.from({ length: length - first }, (_, index) => first + index);
  const { ids, source } = tensors;
  const lens = await logitLens(model, ids, { at, topK: Math.min(topK, model.vocabSize), onProgress, ...(source && { source }) });
  const unread = Array.from({ length: first }, () => null);
  return {
    layers: ["embedding", ...Array.from({ length: layers }, (_, layer) => `L${layer}`)],
    first,
    cells: lens.layers.map(([row]) => [...unread, ...row!.map((each) => each && cellOf(opened.tokenizer, each))]),
  };
}

function positionsWithin({ model, opened }: Run, layers: number): number {
  const products = layers * model.vocabSize * opened.info.dModel;
  return Math.max(1, Math.floor(Math.min(mostCells / layers, mostProducts / products)));
}

function cellOf(tokenizer: ModelTokenizer, { top, entropy, target }: LayerLens): LensCellReading {
  return { top: top.map((each) => likelyToken(tokenizer, each)), entropy, actual: target && Math.exp(target.logProb) };
}
