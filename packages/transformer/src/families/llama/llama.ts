import type { Complete, Defaults } from "@tfblocks/tensor-utils";
import type { LanguageModel } from "../../blocks/language-model.js";
import { type Family, family } from "../family.js";
import { llamaLikeFields, readLlamaLike, writeLlamaLike } from "../shared/llama-like-config.js";
import { llamaLayout } from "../shared/llama-like-layout.js";
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
  fields: llamaLikeFields({ read: ["attention_bias", "mlp_bias"] }),
  readConfig: (config, names) => ({
    ...readLlamaLike(config, names, { classes: "Llama", trainedLength }),
    attentionBias: config.flag("attention_bias", { absent: plainDefaults.attentionBias }),
    feedForwardBias: config.flag("mlp_bias", { absent: plainDefaults.feedForwardBias }),
  }),
  writeConfig: (sizes) => ({
    ...writeLlamaLike(sizes, "Llama", { divisible: true }),
    attention_bias: sizes.attentionBias,
    mlp_bias: sizes.feedForwardBias,
  }),
  layout: llamaLayout,
});

function build(sizes: Complete<LlamaSizes>): LanguageModel {
  const { attentionBias: bias, feedForwardBias } = sizes;
  return llamaLike("llama", sizes, (random) =>
    llamaLikeLayer(sizes, random, { attention: groupedAttention(sizes, random, { bias }), feedForwardBias }),
  );
}
