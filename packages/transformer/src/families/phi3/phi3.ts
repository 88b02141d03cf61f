import { RotaryEmbedding } from "@tfblocks/positional";
import type { Complete, Random } from "@tfblocks/tensor-utils";
import type { LanguageModel } from "../../blocks/language-model.js";
import { type Family, family } from "../family.js";
import { groupedAttention, llamaLike, llamaLikeLayer } from "../shared/llama-like-model.js";
import { windowMask } from "../shared/window.js";
import { fields, readConfig, writeConfig } from "./config.js";
import { layout } from "./layout.js";
import { defaults, type Phi3Sizes } from "./sizes.js";

export type { Phi3Sizes } from "./sizes.js";

/**
 * Phi-3 and Phi-4: Llama with packed weights, LongRoPE, and heads that may be rotated in part. Abdin et al. 2024.
 *
 * LongRoPE gives keys of texts beyond `scaling.originalMaxLength` other angles. A cache is not continued across it: the model refuses,
 * and `generate` computes the whole text again there, as in transformers.
 */
export const phi3: Family<Phi3Sizes, LanguageModel> = family("phi3", {
  modelType: "phi3",
  defaults,
  build,
  fields,
  readConfig,
  writeConfig,
  layout,
});

function build(sizes: Complete<Phi3Sizes>): LanguageModel {
  const { headDim, rotaryDim, theta, scaling, window } = sizes;
  const layer = (random: Random, index: number) => {
    const rotary = new RotaryEmbedding({ headDim, rotaryDim, theta, scaling });
    const attention = groupedAttention(sizes, random, { bias: false, rotary });
    return llamaLikeLayer(sizes, random, { attention, mask: windowMask(window, index) });
  };
  return llamaLike("phi3", sizes, layer, scaling?.type === "longrope" ? { restartLength: scaling.originalMaxLength } : {});
}
