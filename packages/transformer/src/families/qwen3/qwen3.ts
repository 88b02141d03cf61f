import { RMSNorm } from "@tfblocks/norm";
import type { Complete, Defaults } from "@tfblocks/tensor-utils";
import { rmsNormRule, unbiasedLinearRules } from "@tfblocks/weights/layouts";
import type { LanguageModel } from "../../blocks/language-model.js";
import { type Family, family } from "../family.js";
import { llamaLikeFields, readLlamaLike, writeLlamaLike } from "../shared/llama-like-config.js";
import { attentionRules, gatedRules, linearRulesBy, llamaLikeLayout, preNormRules } from "../shared/llama-like-layout.js";
import { groupedAttention, llamaLike, llamaLikeLayer } from "../shared/llama-like-model.js";
import { llamaLikeDefaults, type LlamaLikeSizes } from "../shared/llama-like-sizes.js";
import { qwenWindowFieldNames, readQwenWindow, writeQwenWindow } from "../shared/qwen-window.js";
import { noWindow, type Window, windowMask } from "../shared/window.js";

/** Sizes of {@link qwen3}. */
export interface Qwen3Sizes extends LlamaLikeSizes {
  /** Whether attention's projections have biases; default false. */
  readonly attentionBias?: boolean;
  /** The number of keys that a query of layer `index` sees, itself included; default all in every layer. */
  readonly window?: Window;
}

const trainedLength = 32_768;
const plainDefaults = { attentionBias: false, window: noWindow };
const defaults: Defaults<Qwen3Sizes> = { ...llamaLikeDefaults("qwen3", trainedLength), ...plainDefaults };

const headNormRules = [
  rmsNormRule("layers.{i}.self_attn.q_norm", "layers.{i}.attention.queryNorm", "headDim"),
  rmsNormRule("layers.{i}.self_attn.k_norm", "layers.{i}.attention.keyNorm", "headDim"),
];

/** Qwen3: Llama with norms of each head's queries and keys, before they are rotated. Yang et al. 2025. */
export const qwen3: Family<Qwen3Sizes, LanguageModel> = family("qwen3", {
  modelType: "qwen3",
  defaults,
  build,
  fields: llamaLikeFields({ read: ["attention_bias", ...qwenWindowFieldNames] }),
  readConfig: (config, names) => ({
    ...readLlamaLike(config, names, { classes: "Qwen3", trainedLength, numKvHeads: 32, headDim: 128 }),
    attentionBias: config.flag("attention_bias", { absent: plainDefaults.attentionBias }),
    window: readQwenWindow(config),
  }),
  writeConfig: (sizes) => ({
    ...writeLlamaLike(sizes, "Qwen3"),
    attention_bias: sizes.attentionBias,
    ...writeQwenWindow(sizes),
  }),
  layout: llamaLikeLayout([
    ...attentionRules(linearRulesBy("attentionBias")),
    ...preNormRules,
    ...headNormRules,
    ...gatedRules(unbiasedLinearRules),
  ]),
});

function build(sizes: Complete<Qwen3Sizes>): LanguageModel {
  const { headDim: features, eps, attentionBias: bias } = sizes;
  return llamaLike("qwen3", sizes, (random, index) => {
    const norms = { queryNorm: new RMSNorm({ features, eps }), keyNorm: new RMSNorm({ features, eps }) };
    const attention = groupedAttention(sizes, random, { bias, ...norms });
    return llamaLikeLayer(sizes, random, { attention, mask: windowMask(sizes.window, index) });
  });
}
