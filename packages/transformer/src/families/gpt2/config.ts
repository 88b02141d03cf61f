import { huggingFaceActivationName } from "@tfblocks/feed-forward";
import type { Complete } from "@tfblocks/tensor-utils";
import type { ConfigReader, ModelConfig } from "../shared/config-reader.js";
import { type Gpt2Sizes, plainDefaults } from "./sizes.js";

export function readConfig(config: ConfigReader): Gpt2Sizes {
  config.requires("scale_attn_weights", true);
  config.requires("scale_attn_by_inverse_layer_idx", false);
  config.requires("add_cross_attention", false);
  const dModel = config.size("n_embd");
  return {
    vocabSize: config.size("vocab_size"),
    maxLength: config.size("n_positions"),
    dModel,
    numLayers: config.size("n_layer"),
    numHeads: config.size("n_head"),
    hiddenDim: config.size("n_inner", 4 * dModel),
    activation: config.activation("activation_function", plainDefaults.activation),
    eps: config.positive("layer_norm_epsilon", plainDefaults.eps),
    tiedHead: config.flag("tie_word_embeddings", plainDefaults.tiedHead),
    dropout: config.rate("resid_pdrop", 0.1),
  };
}

export function writeConfig(sizes: Complete<Gpt2Sizes>): ModelConfig {
  return {
    architectures: ["GPT2LMHeadModel"],
    vocab_size: sizes.vocabSize,
    n_positions: sizes.maxLength,
    n_embd: sizes.dModel,
    n_layer: sizes.numLayers,
    n_head: sizes.numHeads,
    n_inner: sizes.hiddenDim,
    activation_function: huggingFaceActivationName(sizes.activation),
    layer_norm_epsilon: sizes.eps,
    tie_word_embeddings: sizes.tiedHead,
    resid_pdrop: sizes.dropout,
    embd_pdrop: sizes.dropout,
    attn_pdrop: sizes.dropout,
  };
}
