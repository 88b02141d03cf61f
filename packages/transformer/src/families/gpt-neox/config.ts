import { huggingFaceActivationName } from "@tfblocks/feed-forward";
import type { Complete } from "@tfblocks/tensor-utils";
import type { ConfigReader, ModelConfig } from "../shared/config-reader.js";
import { headDimOf } from "../shared/model-sizes.js";
import { readRope, writeRope } from "../shared/rope.js";
import { type GptNeoXSizes, plainDefaults, rotaryFraction } from "./sizes.js";

export function readConfig(config: ConfigReader): GptNeoXSizes {
  const [dModel, numHeads] = [config.size("hidden_size"), config.size("num_attention_heads")];
  const { theta, scaling, partial } = readNeoXRope(config);
  return {
    vocabSize: config.size("vocab_size"),
    dModel,
    numLayers: config.size("num_hidden_layers"),
    numHeads,
    hiddenDim: config.size("intermediate_size"),
    rotaryDim: Math.floor((dModel / numHeads) * partial),
    theta,
    scaling,
    parallel: config.flag("use_parallel_residual", plainDefaults.parallel),
    attentionBias: config.flag("attention_bias", plainDefaults.attentionBias),
    activation: config.activation("hidden_act", plainDefaults.activation),
    eps: config.positive("layer_norm_eps", plainDefaults.eps),
    dropout: config.rate("hidden_dropout", 0),
  };
}

/** transformers 4 has names of its own here: `rotary_pct` and `rotary_emb_base`. */
function readNeoXRope(config: ConfigReader) {
  const theta = config.positive("rotary_emb_base", plainDefaults.theta);
  const rope = readRope(config, theta);
  return { ...rope, partial: rope.partial ?? config.positive("rotary_pct", rotaryFraction) };
}

export function writeConfig(sizes: Complete<GptNeoXSizes>): ModelConfig {
  const { theta, scaling } = sizes;
  const partial = sizes.rotaryDim / headDimOf("modelConfig", sizes);
  return {
    architectures: ["GPTNeoXForCausalLM"],
    vocab_size: sizes.vocabSize,
    hidden_size: sizes.dModel,
    num_hidden_layers: sizes.numLayers,
    num_attention_heads: sizes.numHeads,
    intermediate_size: sizes.hiddenDim,
    use_parallel_residual: sizes.parallel,
    attention_bias: sizes.attentionBias,
    hidden_act: huggingFaceActivationName(sizes.activation),
    layer_norm_eps: sizes.eps,
    hidden_dropout: sizes.dropout,
    attention_dropout: sizes.dropout,
    tie_word_embeddings: false,
    rotary_pct: partial,
    rotary_emb_base: theta,
    ...writeRope({ theta, scaling, partial }),
  };
}
