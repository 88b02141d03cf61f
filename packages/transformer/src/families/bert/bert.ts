import { tanh } from "@tensorflow/tfjs-core";
import { LayerNorm } from "@tfblocks/norm";
import { LearnedPositions } from "@tfblocks/positional";
import { type Complete, normalInit } from "@tfblocks/tensor-utils";
import { InputEmbedding } from "../../blocks/input-embedding.js";
import { LanguageModel } from "../../blocks/language-model.js";
import { TransformerStack } from "../../blocks/stack.js";
import { TokenEmbedding } from "../../blocks/token-embedding.js";
import { type Family, family } from "../family.js";
import { activatedLinear, encoderLayer, maskedTokenHead } from "../shared/encoder.js";
import { checkModelSizes, layersOf } from "../shared/model-sizes.js";
import { fields, readConfig, writeConfig } from "./config.js";
import { layout } from "./layout.js";
import { type BertSizes, defaults } from "./sizes.js";

export type { BertSizes } from "./sizes.js";

/** BERT: an encoder with learned positions and segments, and LayerNorm after each sum. Devlin et al. 2018. */
export const bert: Family<BertSizes, LanguageModel> = family("bert", {
  modelType: "bert",
  generates: false,
  defaults,
  build,
  fields,
  readConfig,
  writeConfig,
  layout,
});

function build(sizes: Complete<BertSizes>): LanguageModel {
  checkModelSizes("bert", sizes);
  const { dModel, dropout, eps, maxLength } = sizes;
  const input = embeddings(sizes);
  return new LanguageModel({
    input: new InputEmbedding({ ...input, embeddingNorm: new LayerNorm({ features: dModel, eps }), maxLength, dropout }),
    stack: new TransformerStack({ layers: layersOf(sizes, (random) => encoderLayer(sizes, random)) }),
    ...(sizes.maskedLanguageHead && maskedTokenHead(sizes, input.tokenEmbedding)),
    ...(sizes.pooler && { pooler: activatedLinear(sizes, "pooler", (x) => tanh(x)) }),
  });
}

function embeddings({ vocabSize, dModel, maxLength, numSegments, random }: Complete<BertSizes>) {
  return {
    tokenEmbedding: new TokenEmbedding({ vocabSize, dModel, random: random.split("tokenEmbedding") }),
    positionEmbedding: new LearnedPositions({ maxLength, dModel, init: normalInit(0.02), random: random.split("positionEmbedding") }),
    segmentEmbedding: new TokenEmbedding({ vocabSize: numSegments, dModel, random: random.split("segmentEmbedding") }),
  };
}
