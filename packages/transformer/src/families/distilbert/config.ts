import { huggingFaceActivationName } from "@tfblocks/feed-forward";
import type { Complete } from "@tfblocks/tensor-utils";
import type { FamilyFields } from "../shared/config-fields.js";
import type { ConfigReader, ModelConfig } from "../shared/config-reader.js";
import { someEndsWith } from "../shared/encoder.js";
import { readTiedHead } from "../shared/language-head.js";
import { type DistilbertSizes, plainDefaults } from "./sizes.js";

export const fields: FamilyFields = {
  read: [
    "activation",
    "dim",
    "dropout",
    "hidden_dim",
    "max_position_embeddings",
    "n_heads",
    "n_layers",
    "tie_word_embeddings",
    "vocab_size",
  ],
  aliases: { hidden_size: "dim", num_attention_heads: "n_heads", num_hidden_layers: "n_layers" },
  only: {},
  harmless: [
    "architectures",
    "output_past",
    "qa_dropout",
    "seq_classif_dropout",
    "sinusoidal_pos_embds", // chooses the first values of the position table, which the weights hold
    "tie_weights_",
  ],
};

export function readConfig(config: ConfigReader, names: ReadonlySet<string>): DistilbertSizes {
  const exists = someEndsWith(names, "vocab_projector.bias");
  return {
    vocabSize: config.size("vocab_size"),
    maxLength: config.size("max_position_embeddings"),
    dModel: config.size("dim"),
    numLayers: config.size("n_layers"),
    numHeads: config.size("n_heads"),
    hiddenDim: config.size("hidden_dim", { absent: 3072 }),
    activation: config.activation("activation", { absent: plainDefaults.activation }),
    dropout: config.rate("dropout", { absent: 0.1 }),
    maskedLanguageHead: exists,
    tiedHead: readTiedHead(config, { exists, weight: "vocab_projector.weight", names }),
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
    tie_word_embeddings: sizes.tiedHead,
    attention_dropout: sizes.dropout,
  };
}
