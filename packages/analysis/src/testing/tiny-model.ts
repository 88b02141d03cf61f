import { type Tensor, tensor2d } from "@tensorflow/tfjs-core";
import { use } from "@tfblocks/testkit";
import type { LanguageModel } from "@tfblocks/transformer";
import { gpt2 } from "@tfblocks/transformer/models";
import { record, type Site, type SiteValues } from "../models.js";

/** Two layers of three heads of width 4; the vocabulary has 11 tokens. */
export function tinyModel(): LanguageModel {
  return use(gpt2({ vocabSize: 11, maxLength: 8, dModel: 12, numHeads: 3, numLayers: 2 }));
}

export function tokens(...rows: number[][]): Tensor {
  return use(tensor2d(rows, undefined, "int32"));
}

/** The logits of every position, `[batch, length, 11]`. */
export function logitsOf(model: LanguageModel, ids: Tensor): Tensor {
  return use(model.apply(ids)).logits;
}

/** The value of a site in a model. */
export function valuesOf(model: LanguageModel, site: Site, ids: Tensor): SiteValues {
  const { result, values } = use(record(model, { site }, (watched) => watched.apply(ids)));
  result.logits.dispose();
  return values.site;
}
