import { checkPositive, type Complete } from "@tfblocks/tensor-utils";
import { ScaledHead } from "../../blocks/heads.js";
import type { LanguageModel } from "../../blocks/language-model.js";
import { scaledPreNorm } from "../../blocks/residual.js";
import { type Family, family } from "../family.js";
import { llamaLayout } from "../shared/llama-like-layout.js";
import { groupedAttention, llamaLike, llamaLikeLayer } from "../shared/llama-like-model.js";
import { fields, readConfig, writeConfig } from "./config.js";
import { defaults, type GraniteSizes } from "./sizes.js";

export type { GraniteSizes } from "./sizes.js";

/**
 * Granite 3: Llama with a factor for the embedding, for the scores, for what each sublayer adds to the stream, and a divisor for the
 * logits. IBM 2024, after the maximal update parametrization of Yang et al. 2022.
 */
export const granite: Family<GraniteSizes, LanguageModel> = family("granite", {
  modelType: "granite",
  defaults,
  build,
  fields,
  readConfig,
  writeConfig,
  layout: llamaLayout,
});

function build(sizes: Complete<GraniteSizes>): LanguageModel {
  const { attentionBias: bias, feedForwardBias, embeddingScale, attentionScale, residualScale, logitDivisor } = sizes;
  for (const [name, value] of Object.entries({ embeddingScale, attentionScale, residualScale, logitDivisor })) {
    checkPositive("granite", name, value);
  }
  const residual = scaledPreNorm(residualScale);
  return llamaLike(
    "granite",
    sizes,
    (random) => {
      const attention = groupedAttention(sizes, random, { bias, scale: attentionScale });
      return llamaLikeLayer(sizes, random, { attention, feedForwardBias, residual });
    },
    { embeddingScale, wrapHead: (head) => new ScaledHead({ head, scale: 1 / logitDivisor }) },
  );
}
