import { tanh } from "@tensorflow/tfjs-core";
import { LayerNorm } from "@tfblocks/norm";
import { LearnedPositions } from "@tfblocks/positional";
import { checkInteger, type Complete, normalInit } from "@tfblocks/tensor-utils";
import { InputEmbedding } from "../../blocks/input-embedding.js";
import { LanguageModel } from "../../blocks/language-model.js";
import { TransformerStack } from "../../blocks/stack.js";
import { TokenEmbedding } from "../../blocks/token-embedding.js";
import { type Family, family } from "../family.js";
import { activatedLinear, encoderLayer, maskedTokenHead } from "../shared/encoder.js";
import { checkModelSizes, layersOf } from "../shared/model-sizes.js";
import { fields, readConfig, writeConfig } from "./config.js";
import { layout } from "./layout.js";
import { positionsAfterPadding } from "./position-rule.js";
import { defaults, type RobertaSizes } from "./sizes.js";

export type { RobertaSizes } from "./sizes.js";

/**
 * RoBERTa: BERT whose positions count tokens from padId + 1 on and leave out padding. Liu et al. 2019.
 *
 * `positions` of a call are rows of the position table, as Hugging Face's `position_ids`.
 */
export const roberta: Family<RobertaSizes, LanguageModel> = robertaFamily("roberta", "roberta", "Roberta");

/** XLM-RoBERTa: RoBERTa under another `model_type`, trained on a hundred languages. Conneau et al. 2020. */
export const xlmRoberta: Family<RobertaSizes, LanguageModel> = robertaFamily("xlmRoberta", "xlm-roberta", "XLMRoberta");

/** @param classes what the names of its classes in transformers start with */
function robertaFamily(name: string, modelType: string, classes: string): Family<RobertaSizes, LanguageModel> {
  return family(name, {
    modelType,
    generates: false,
    defaults,
    build: (sizes) => build(name, sizes),
    fields,
    readConfig,
    writeConfig: (sizes) => writeConfig(sizes, classes),
    layout,
  });
}

function build(name: string, sizes: Complete<RobertaSizes>): LanguageModel {
  checkModelSizes(name, sizes);
  const { dModel, numPositions, padId, dropout, eps } = sizes;
  checkInteger(name, "padId", padId, 0, numPositions - 2);
  const input = embeddings(sizes);
  return new LanguageModel({
    input: new InputEmbedding({
      ...input,
      positionRule: positionsAfterPadding(padId),
      embeddingNorm: new LayerNorm({ features: dModel, eps }),
      maxLength: numPositions - padId - 1,
      dropout,
    }),
    stack: new TransformerStack({ layers: layersOf(sizes, (random) => encoderLayer(sizes, random)) }),
    ...(sizes.maskedLanguageHead && maskedTokenHead({ ...sizes, activation: "gelu" }, input.tokenEmbedding)),
    ...(sizes.pooler && { pooler: activatedLinear(sizes, "pooler", (x) => tanh(x)) }),
  });
}

function embeddings({ vocabSize, dModel, numPositions: maxLength, numSegments, random }: Complete<RobertaSizes>) {
  return {
    tokenEmbedding: new TokenEmbedding({ vocabSize, dModel, random: random.split("tokenEmbedding") }),
    positionEmbedding: new LearnedPositions({ maxLength, dModel, init: normalInit(0.02), random: random.split("positionEmbedding") }),
    segmentEmbedding: new TokenEmbedding({ vocabSize: numSegments, dModel, random: random.split("segmentEmbedding") }),
  };
}
