import { MultiHeadAttention } from "@tfblocks/attention";
import { RMSNorm } from "@tfblocks/norm";
import type { Complete, Defaults, Projection, Random } from "@tfblocks/tensor-utils";
import { rmsNormRule, unbiasedLinearRules } from "@tfblocks/weights/layouts";
import type { LanguageModel } from "../../blocks/language-model.js";
import { Normed } from "../../blocks/normed.js";
import { outputNorm } from "../../blocks/residual.js";
import { type Family, family } from "../family.js";
import { llamaLikeFields, readLlamaLike, writeLlamaLike } from "../shared/llama-like-config.js";
import { attentionRules, gatedRules, linearRulesBy, llamaLikeLayout } from "../shared/llama-like-layout.js";
import { groupedAttention, llamaLike, llamaLikeLayer } from "../shared/llama-like-model.js";
import { llamaLikeDefaults, type LlamaLikeSizes } from "../shared/llama-like-sizes.js";

/** Sizes of {@link olmo2}. */
export interface Olmo2Sizes extends Omit<LlamaLikeSizes, "eps"> {
  /** Whether attention's projections have biases; default false. */
  readonly attentionBias?: boolean;
  /** Default 1e-5. */
  readonly eps?: number;
}

const trainedLength = 2048;
const plainDefaults = { attentionBias: false, eps: 1e-5 };
const defaults: Defaults<Olmo2Sizes> = { ...llamaLikeDefaults("olmo2", trainedLength), ...plainDefaults };

const layer = "layers.{i}";
const normRules = [
  rmsNormRule(`${layer}.self_attn.q_norm`, `${layer}.attention.query.norm`, "queryDim"),
  rmsNormRule(`${layer}.self_attn.k_norm`, `${layer}.attention.key.norm`, "kvDim"),
  rmsNormRule(`${layer}.post_attention_layernorm`, `${layer}.attentionNorm`),
  rmsNormRule(`${layer}.post_feedforward_layernorm`, `${layer}.feedForwardNorm`),
];

/**
 * OLMo 2: Llama with norms of each sublayer's output in place of its input, and norms of all queries and all keys of a token, before
 * they are split into heads. Team OLMo 2024.
 */
export const olmo2: Family<Olmo2Sizes, LanguageModel> = family("olmo2", {
  modelType: "olmo2",
  defaults,
  build,
  fields: llamaLikeFields({ read: ["attention_bias"] }),
  readConfig: (config, names) => ({
    ...readLlamaLike(config, names, { classes: "Olmo2", trainedLength, eps: plainDefaults.eps }),
    attentionBias: config.flag("attention_bias", { absent: plainDefaults.attentionBias }),
  }),
  writeConfig: (sizes) => ({ ...writeLlamaLike(sizes, "Olmo2"), attention_bias: sizes.attentionBias }),
  layout: llamaLikeLayout([...attentionRules(linearRulesBy("attentionBias")), ...normRules, ...gatedRules(unbiasedLinearRules)]),
});

function build(sizes: Complete<Olmo2Sizes>): LanguageModel {
  return llamaLike("olmo2", sizes, (random) =>
    llamaLikeLayer(sizes, random, { attention: normedAttention(sizes, random), residual: outputNorm }),
  );
}

function normedAttention(sizes: Complete<Olmo2Sizes>, random: Random): MultiHeadAttention {
  const { attentionBias: bias, numHeads, numKvHeads, headDim, eps, dropout } = sizes;
  const { query, key, value, output, rotary } = groupedAttention(sizes, random, { bias });
  const normed = (map: Projection, heads: number) => new Normed({ map, norm: new RMSNorm({ features: heads * headDim, eps }) });
  return new MultiHeadAttention<Projection>({
    query: normed(query, numHeads),
    key: normed(key, numKvHeads),
    value,
    output,
    numHeads,
    numKvHeads,
    rotary,
    dropout,
  });
}
