import type { Complete, Defaults } from "@tfblocks/tensor-utils";
import { linearRules } from "@tfblocks/weights/layouts";
import type { LanguageModel } from "../../blocks/language-model.js";
import { type Family, family } from "../family.js";
import { readLlamaLike, writeLlamaLike } from "../shared/llama-like-config.js";
import { attentionRules, llamaLikeLayout, preNormRules } from "../shared/llama-like-layout.js";
import { groupedAttention, llamaLike, llamaLikeLayer } from "../shared/llama-like-model.js";
import { llamaLikeDefaults, type LlamaLikeSizes } from "../shared/llama-like-sizes.js";

/** Sizes of {@link llama}. */
export interface LlamaSizes extends LlamaLikeSizes {
  /** Whether attention's projections have biases; default false. */
  readonly attentionBias?: boolean;
  /** Whether the feed-forward network has biases; default false. */
  readonly feedForwardBias?: boolean;
}

const plainDefaults = { attentionBias: false, feedForwardBias: false };
const trainedLength = 2048;
const defaults: Defaults<LlamaSizes> = { ...llamaLikeDefaults("llama", trainedLength), ...plainDefaults };

/**
 * Llama: a decoder with rotary positions, grouped heads, RMSNorm before each sublayer and a gated feed-forward network.
 * Touvron et al. 2023.
 */
export const llama: Family<LlamaSizes, LanguageModel> = family("llama", {
  modelType: "llama",
  defaults,
  build,
  readConfig: (config) => ({
    ...readLlamaLike(config, { trainedLength }),
    attentionBias: config.flag("attention_bias", plainDefaults.attentionBias),
    feedForwardBias: config.flag("mlp_bias", plainDefaults.feedForwardBias),
  }),
  writeConfig: (sizes) => ({
    ...writeLlamaLike(sizes, "LlamaForCausalLM"),
    attention_bias: sizes.attentionBias,
    mlp_bias: sizes.feedForwardBias,
  }),
  layout: llamaLikeLayout([...attentionRules(linearRules), ...preNormRules]),
});

function build(sizes: Complete<LlamaSizes>): LanguageModel {
  const { attentionBias: bias, feedForwardBias } = sizes;
  return llamaLike("llama", sizes, (random) =>
    llamaLikeLayer(sizes, random, { attention: groupedAttention(sizes, random, { bias }), feedForwardBias }),
  );
}
