import { RotaryEmbedding } from "@tfblocks/positional";
import { checkPositive, type Complete } from "@tfblocks/tensor-utils";
import { rmsNormRule } from "@tfblocks/weights/layouts";
import type { LanguageModel } from "../../blocks/language-model.js";
import { type Family, family } from "../family.js";
import { gemmaLikeLayout } from "../shared/gemma-like-layout.js";
import { gemmaLike, gemmaNorm } from "../shared/gemma-like-model.js";
import { fields, readConfig, writeConfig } from "./config.js";
import { defaults, type Gemma3Sizes } from "./sizes.js";

export type { Gemma3Sizes } from "./sizes.js";

/**
 * The text model of Gemma 3: Gemma 2 with norms of each head's queries and keys in place of capped scores, and another rotary base in
 * layers with a window, which by default are all but every sixth. Gemma Team 2025.
 */
export const gemma3: Family<Gemma3Sizes, LanguageModel> = family("gemma3", {
  modelType: "gemma3_text",
  defaults,
  build,
  fields,
  readConfig,
  writeConfig,
  layout: gemmaLikeLayout([
    rmsNormRule("layers.{i}.self_attn.q_norm", "layers.{i}.attention.queryNorm", "headDim"),
    rmsNormRule("layers.{i}.self_attn.k_norm", "layers.{i}.attention.keyNorm", "headDim"),
  ]),
});

function build(sizes: Complete<Gemma3Sizes>): LanguageModel {
  const { headDim, eps, theta, localTheta, scaling, window } = sizes;
  checkPositive("gemma3", "localTheta", localTheta);
  return gemmaLike("gemma3", sizes, (index) => ({
    queryNorm: gemmaNorm(headDim, eps),
    keyNorm: gemmaNorm(headDim, eps),
    rotary:
      window(index) === undefined ? new RotaryEmbedding({ headDim, theta, scaling }) : new RotaryEmbedding({ headDim, theta: localTheta }),
  }));
}
