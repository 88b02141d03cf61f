import type { Complete } from "@tfblocks/tensor-utils";
import type { LanguageModel } from "../../blocks/language-model.js";
import { type Family, family } from "../family.js";
import { llamaLayout } from "../shared/llama-like-layout.js";
import { groupedAttention, llamaLike, llamaLikeLayer } from "../shared/llama-like-model.js";
import { windowMask } from "../shared/window.js";
import { fields, readConfig, writeConfig } from "./config.js";
import { defaults, type Smollm3Sizes } from "./sizes.js";

export type { Smollm3Sizes } from "./sizes.js";

/** SmolLM3: Llama with layers that do not rotate queries and keys, by default every fourth. Hugging Face 2025, after Yang et al. 2025. */
export const smollm3: Family<Smollm3Sizes, LanguageModel> = family("smollm3", {
  modelType: "smollm3",
  defaults,
  build,
  fields,
  readConfig,
  writeConfig,
  layout: llamaLayout,
});

function build(sizes: Complete<Smollm3Sizes>): LanguageModel {
  const { attentionBias: bias, feedForwardBias, rotates, window } = sizes;
  return llamaLike("smollm3", sizes, (random, index) => {
    const attention = groupedAttention(sizes, random, { bias, ...(!rotates(index) && { rotary: undefined }) });
    return llamaLikeLayer(sizes, random, { attention, feedForwardBias, mask: windowMask(window, index) });
  });
}
