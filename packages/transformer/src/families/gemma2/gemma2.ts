import type { Complete } from "@tfblocks/tensor-utils";
import type { LanguageModel } from "../../blocks/language-model.js";
import { type Family, family } from "../family.js";
import { gemmaLikeLayout } from "../shared/gemma-like-layout.js";
import { checkCap, gemmaLike } from "../shared/gemma-like-model.js";
import { fields, readConfig, writeConfig } from "./config.js";
import { defaults, type Gemma2Sizes } from "./sizes.js";

export type { Gemma2Sizes } from "./sizes.js";

/**
 * Gemma 2: a decoder with RMSNorm before and after each sublayer, capped scores and logits, and windows in every other
 * layer. Gemma Team 2024.
 */
export const gemma2: Family<Gemma2Sizes, LanguageModel> = family("gemma2", {
  modelType: "gemma2",
  defaults,
  build,
  fields,
  readConfig,
  writeConfig,
  layout: gemmaLikeLayout(),
});

function build(sizes: Complete<Gemma2Sizes>): LanguageModel {
  const { attentionSoftcap } = sizes;
  checkCap("gemma2", "attentionSoftcap", attentionSoftcap);
  return gemmaLike("gemma2", sizes, () => ({ softcap: attentionSoftcap === Infinity ? undefined : attentionSoftcap }));
}
