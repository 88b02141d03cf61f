import { huggingFaceActivationName } from "@tfblocks/feed-forward";
import type { Complete } from "@tfblocks/tensor-utils";
import type { ConfigReader, ModelConfig } from "../shared/config-reader.js";
import { someEndsWith } from "../shared/encoder.js";
import { plainDefaults, type RobertaSizes } from "./sizes.js";

/** Where a config has no such fields, transformers takes 2 segments and an epsilon of 1e-12, as for BERT. */
export function readConfig(config: ConfigReader, names: ReadonlySet<string>): RobertaSizes {
  config.requires("is_decoder", false);
  config.requires("position_embedding_type", "absolute");
  const maskedLanguageHead = someEndsWith(names, "lm_head.layer_norm.weight");
  if (maskedLanguageHead) config.requires("tie_word_embeddings", true);
  const dModel = config.size("hidden_size");
  return {
    vocabSize: config.size("vocab_size"),
    numPositions: config.size("max_position_embeddings"),
    padId: config.id("pad_token_id", plainDefaults.padId),
    numSegments: config.size("type_vocab_size", 2),
    dModel,
    numLayers: config.size("num_hidden_layers"),
    numHeads: config.size("num_attention_heads"),
    hiddenDim: config.size("intermediate_size", 4 * dModel),
    activation: config.activation("hidden_act", plainDefaults.activation),
    eps: config.positive("layer_norm_eps", 1e-12),
    dropout: config.rate("hidden_dropout_prob", 0.1),
    maskedLanguageHead,
    pooler: someEndsWith(names, "pooler.dense.weight"),
  };
}

/** @param classes what the names of the family's classes start with */
export function writeConfig(sizes: Complete<RobertaSizes>, classes: string): ModelConfig {
  return {
    architectures: [`${classes}${sizes.maskedLanguageHead ? "ForMaskedLM" : "Model"}`],
    vocab_size: sizes.vocabSize,
    max_position_embeddings: sizes.numPositions,
    pad_token_id: sizes.padId,
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
