import { huggingFaceActivationName } from "@tfblocks/feed-forward";
import type { Complete } from "@tfblocks/tensor-utils";
import type { ConfigReader, ModelConfig } from "../shared/config-reader.js";
import { readRope, writeRope } from "../shared/rope.js";
import { readWindow, writeWindow } from "../shared/window.js";
import { type Gemma2Sizes, plainDefaults, slides, windowLength } from "./sizes.js";

/** Where a config has no such fields, transformers takes 4 key-value heads, and 256 for a head's width and `query_pre_attn_scalar`. */
export function readConfig(config: ConfigReader): Gemma2Sizes {
  config.requires("use_bidirectional_attention", false);
  config.requires("tie_word_embeddings", true);
  const numHeads = config.size("num_attention_heads");
  return {
    vocabSize: config.size("vocab_size"),
    dModel: config.size("hidden_size"),
    numLayers: config.size("num_hidden_layers"),
    numHeads,
    numKvHeads: config.size("num_key_value_heads", config.isNull("num_key_value_heads") ? numHeads : 4),
    headDim: config.size("head_dim", 256),
    hiddenDim: config.size("intermediate_size"),
    theta: readRope(config, plainDefaults.theta).theta,
    queryScalar: config.positive("query_pre_attn_scalar", 256),
    attentionSoftcap: config.positive("attn_logit_softcapping", plainDefaults.attentionSoftcap),
    logitSoftcap: config.positive("final_logit_softcapping", plainDefaults.logitSoftcap),
    activation: config.activation("hidden_activation", plainDefaults.activation),
    eps: config.positive("rms_norm_eps", plainDefaults.eps),
    window: readWindow(config, slides, windowLength),
  };
}

export function writeConfig(sizes: Complete<Gemma2Sizes>): ModelConfig {
  return {
    architectures: ["Gemma2ForCausalLM"],
    vocab_size: sizes.vocabSize,
    hidden_size: sizes.dModel,
    num_hidden_layers: sizes.numLayers,
    num_attention_heads: sizes.numHeads,
    num_key_value_heads: sizes.numKvHeads,
    head_dim: sizes.headDim,
    intermediate_size: sizes.hiddenDim,
    query_pre_attn_scalar: sizes.queryScalar,
    attn_logit_softcapping: sizes.attentionSoftcap,
    final_logit_softcapping: sizes.logitSoftcap,
    hidden_activation: huggingFaceActivationName(sizes.activation),
    rms_norm_eps: sizes.eps,
    tie_word_embeddings: true,
    ...writeRope({ theta: sizes.theta }),
    ...writeWindow(sizes),
  };
}
