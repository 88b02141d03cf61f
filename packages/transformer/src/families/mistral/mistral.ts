import type { Complete, Defaults } from "@tfblocks/tensor-utils";
import { unbiasedLinearRules } from "@tfblocks/weights/layouts";
import type { LanguageModel } from "../../blocks/language-model.js";
import { type Family, family } from "../family.js";
import { llamaLikeFields, readLlamaLike, writeLlamaLike } from "../shared/llama-like-config.js";
import { attentionRules, gatedRules, llamaLikeLayout, preNormRules } from "../shared/llama-like-layout.js";
import { groupedAttention, llamaLike, llamaLikeLayer } from "../shared/llama-like-model.js";
import { llamaLikeDefaults, type LlamaLikeSizes } from "../shared/llama-like-sizes.js";
import { readUniformWindow, type Window, windowMask } from "../shared/window.js";

/** Sizes of {@link mistral}. */
export interface MistralSizes extends LlamaLikeSizes {
  /** The number of keys that a query of layer `index` sees, itself included; default 4096 in every layer. */
  readonly window?: Window;
}

const trainedLength = 131_072;
const windowLength = 4096;
const defaults: Defaults<MistralSizes> = { ...llamaLikeDefaults("mistral", trainedLength), window: () => windowLength };

/** Mistral: Llama with a window in every layer. Jiang et al. 2023. */
export const mistral: Family<MistralSizes, LanguageModel> = family("mistral", {
  modelType: "mistral",
  defaults,
  build,
  fields: llamaLikeFields({ read: ["layer_types", "sliding_window"] }),
  readConfig: (config, names) => ({
    ...readLlamaLike(config, names, { classes: "Mistral", trainedLength, numKvHeads: 8 }),
    window: readUniformWindow(config, windowLength),
  }),
  writeConfig: (sizes) => ({ ...writeLlamaLike(sizes, "Mistral"), sliding_window: sizes.window(0) ?? null }),
  layout: llamaLikeLayout([...attentionRules(unbiasedLinearRules), ...preNormRules, ...gatedRules(unbiasedLinearRules)]),
});

function build(sizes: Complete<MistralSizes>): LanguageModel {
  return llamaLike("mistral", sizes, (random, index) => {
    const attention = groupedAttention(sizes, random, { bias: false });
    return llamaLikeLayer(sizes, random, { attention, mask: windowMask(sizes.window, index) });
  });
}
