import { huggingFaceActivationName } from "@tfblocks/feed-forward";
import type { Complete } from "@tfblocks/tensor-utils";
import type { ConfigReader, ModelConfig } from "../shared/config-reader.js";
import { someEndsWith } from "../shared/encoder.js";
import { type BertSizes, plainDefaults } from "./sizes.js";

export function readConfig(config: ConfigReader, names: ReadonlySet<string>): BertSizes {
  config.requires("is_decoder", false);
  config.requires("position_embedding_type", "absolute");
  const maskedLanguageHead = someEndsWith(names, "cls.predictions.bias");
  if (maskedLanguageHead) config.requires("tie_word_embeddings", true);
  const dModel = config.size("hidden_size");
  return {
    vocabSize: config.size("vocab_size"),
    maxLength: config.size("max_position_embeddings"),
    numSegments: config.size("type_vocab_size", plainDefaults.numSegments),
    dModel,
    numLayers: config.size("num_hidden_layers"),
    numHeads: config.size("num_attention_heads"),
    hiddenDim: config.size("intermediate_size", 4 * dModel),
    activation: config.activation("hidden_act", plainDefaults.activation),
    eps: config.positive("layer_norm_eps", plainDefaults.eps),
    dropout: config.rate("hidden_dropout_prob", 0.1),
    maskedLanguageHead,
    pooler: someEndsWith(names, "pooler.dense.weight"),
  };
}

export function writeConfig(sizes: Complete<BertSizes>): ModelConfig {
  return {
    architectures: [sizes.maskedLanguageHead ? "BertForMaskedLM" : "BertModel"],
    vocab_size: sizes.vocabSize,
    max_position_embeddings: sizes.maxLength,
    type_vocab_size: sizes.numSegments,
    hidden_size: sizes.dModel,
    num_hidden_layers: sizes.numLayers,
    num_attention_heads: sizes.numHeads,
    intermediate_size: sizes.hiddenDim,
    hidden_act: huggingFaceActivationName(sizes.activation),
    layer_norm_eps: sizes.eps,
    hidden_dropout_prob: sizes.dropout,
    attention_probs_dropout_prob: sizes.dropout,
  };
}
