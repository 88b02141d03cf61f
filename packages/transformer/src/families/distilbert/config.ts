import { huggingFaceActivationName } from "@tfblocks/feed-forward";
import type { Complete } from "@tfblocks/tensor-utils";
import type { ConfigReader, ModelConfig } from "../shared/config-reader.js";
import { someEndsWith } from "../shared/encoder.js";
import { type DistilbertSizes, plainDefaults } from "./sizes.js";

/** `sinusoidal_pos_embds` only chooses the first values of the position table, which the weights hold. */
export function readConfig(config: ConfigReader, names: ReadonlySet<string>): DistilbertSizes {
  const maskedLanguageHead = someEndsWith(names, "vocab_projector.bias");
  if (maskedLanguageHead) config.requires("tie_word_embeddings", true);
  const dModel = config.size("dim");
  return {
    vocabSize: config.size("vocab_size"),
    maxLength: config.size("max_position_embeddings"),
    dModel,
    numLayers: config.size("n_layers"),
    numHeads: config.size("n_heads"),
    hiddenDim: config.size("hidden_dim", 4 * dModel),
    activation: config.activation("activation", plainDefaults.activation),
    dropout: config.rate("dropout", 0.1),
    maskedLanguageHead,
  };
}

export function writeConfig(sizes: Complete<DistilbertSizes>): ModelConfig {
  return {
    architectures: [sizes.maskedLanguageHead ? "DistilBertForMaskedLM" : "DistilBertModel"],
    vocab_size: sizes.vocabSize,
    max_position_embeddings: sizes.maxLength,
    sinusoidal_pos_embds: false,
    dim: sizes.dModel,
    n_layers: sizes.numLayers,
    n_heads: sizes.numHeads,
    hidden_dim: sizes.hiddenDim,
    activation: huggingFaceActivationName(sizes.activation),
    dropout: sizes.dropout,
    attention_dropout: sizes.dropout,
  };
}
