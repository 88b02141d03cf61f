import { LayerNorm } from "@tfblocks/norm";
import { LearnedPositions } from "@tfblocks/positional";
import { type Complete, normalInit } from "@tfblocks/tensor-utils";
import { InputEmbedding } from "../../blocks/input-embedding.js";
import { LanguageModel } from "../../blocks/language-model.js";
import { TransformerStack } from "../../blocks/stack.js";
import { TokenEmbedding } from "../../blocks/token-embedding.js";
import { type Family, family } from "../family.js";
import { encoderLayer, maskedTokenHead } from "../shared/encoder.js";
import { checkModelSizes, layersOf } from "../shared/model-sizes.js";
import { fields, readConfig, writeConfig } from "./config.js";
import { layout } from "./layout.js";
import { defaults, type DistilbertSizes } from "./sizes.js";

export type { DistilbertSizes } from "./sizes.js";

/** DistilBERT: BERT without segments and without a pooler. Sanh et al. 2019. */
export const distilbert: Family<DistilbertSizes, LanguageModel> = family("distilbert", {
  modelType: "distilbert",
  generates: false,
  defaults,
  build,
  fields,
  readConfig,
  writeConfig,
  layout,
});

/** Of every LayerNorm; configs do not have it. */
const eps = 1e-12;

function build(given: Complete<DistilbertSizes>): LanguageModel {
  checkModelSizes("distilbert", given);
  const sizes = { ...given, eps };
  const { vocabSize, dModel, maxLength, dropout, random } = sizes;
  const tokenEmbedding = new TokenEmbedding({ vocabSize, dModel, random: random.split("tokenEmbedding") });
  const positions = { maxLength, dModel, init: normalInit(0.02), random: random.split("positionEmbedding") };
  return new LanguageModel({
    input: new InputEmbedding({
      tokenEmbedding,
      positionEmbedding: new LearnedPositions(positions),
      embeddingNorm: new LayerNorm({ features: dModel, eps }),
      maxLength,
      dropout,
    }),
    stack: new TransformerStack({ layers: layersOf(sizes, (own) => encoderLayer(sizes, own)) }),
    ...(sizes.maskedLanguageHead && maskedTokenHead(sizes, tokenEmbedding)),
  });
}
