import type { Complete, Defaults } from "@tfblocks/tensor-utils";
import { biasedLinearRules, unbiasedLinearRules } from "@tfblocks/weights/layouts";
import type { LanguageModel } from "../../blocks/language-model.js";
import { type Family, family } from "../family.js";
import { llamaLikeFields, readLlamaLike, writeLlamaLike } from "../shared/llama-like-config.js";
import { attentionRules, gatedRules, llamaLikeLayout, preNormRules } from "../shared/llama-like-layout.js";
import { groupedAttention, llamaLike, llamaLikeLayer } from "../shared/llama-like-model.js";
import { llamaLikeDefaults, type LlamaLikeSizes } from "../shared/llama-like-sizes.js";
import { qwenWindowFieldNames, readQwenWindow, writeQwenWindow } from "../shared/qwen-window.js";
import { noWindow, type Window, windowMask } from "../shared/window.js";

/** Sizes of {@link qwen2}. */
export interface Qwen2Sizes extends LlamaLikeSizes {
  /** The number of keys that a query of layer `index` sees, itself included; default all in every layer. */
  readonly window?: Window;
}

const trainedLength = 32_768;
const defaults: Defaults<Qwen2Sizes> = { ...llamaLikeDefaults("qwen2", trainedLength), window: noWindow };

/** Qwen2: Llama with biases of queries, keys and values. Yang et al. 2024. */
export const qwen2: Family<Qwen2Sizes, LanguageModel> = family("qwen2", {
  modelType: "qwen2",
  defaults,
  build,
  fields: llamaLikeFields({ read: qwenWindowFieldNames }),
  readConfig: (config, names) => ({
    ...readLlamaLike(config, names, { classes: "Qwen2", trainedLength, numKvHeads: 32 }),
    window: readQwenWindow(config),
  }),
  writeConfig: (sizes) => ({ ...writeLlamaLike(sizes, "Qwen2"), ...writeQwenWindow(sizes) }),
  layout: llamaLikeLayout([...attentionRules(biasedLinearRules, unbiasedLinearRules), ...preNormRules, ...gatedRules(unbiasedLinearRules)]),
});

function build(sizes: Complete<Qwen2Sizes>): LanguageModel {
  return llamaLike("qwen2", sizes, (random, index) => {
    const attention = groupedAttention(sizes, random, { bias: { output: false } });
    return llamaLikeLayer(sizes, random, { attention, mask: windowMask(sizes.window, index) });
  });
}
