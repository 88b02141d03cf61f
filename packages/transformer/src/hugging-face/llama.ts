import type { LanguageModel } from "../blocks/language-model.js";
import { llama as build, type LlamaSizes } from "../models/llama.js";
import { readActivation, writeActivation } from "./activation-names.js";
import type { Architecture } from "./architecture.js";
import type { ConfigReader, ModelConfig } from "./config-reader.js";
import { readRope, writeRope } from "./rope.js";
import { readWindow, writeWindow } from "./windows.js";

type Family = Architecture<LlamaSizes, LanguageModel>;

export const llama: Family = {
  read: (config) => ({
    ...readSizes(config),
    attentionBias: config.flag("attention_bias", false),
    feedForwardBias: config.flag("mlp_bias", false),
  }),
  write: (sizes) => ({
    ...writeSizes(sizes, "llama", "LlamaForCausalLM"),
    attention_bias: sizes.attentionBias === true,
    mlp_bias: sizes.feedForwardBias ?? false,
  }),
  build,
};

/** Llama with a window in every layer. */
export const mistral: Family = {
  read: (config) => ({ ...readSizes(config), ...readWindow(config, () => config.has("sliding_window")) }),
  write: (sizes) => ({ ...writeSizes(sizes, "mistral", "MistralForCausalLM"), ...writeWindow(sizes) }),
  build,
};

/** Llama with biases of query, key and value. */
export const qwen2: Family = {
  read: (config) => ({ ...readSizes(config), attentionBias: { output: false }, ...readQwenWindow(config) }),
  write: (sizes) => ({ ...writeSizes(sizes, "qwen2", "Qwen2ForCausalLM"), ...writeQwenWindow(sizes) }),
  build,
};

/** Llama with normed queries and keys. */
export const qwen3: Family = {
  read: (config) => ({
    ...readSizes(config),
    headDim: config.size("head_dim", 128),
    attentionBias: config.flag("attention_bias", false),
    queryKeyNorm: true,
    ...readQwenWindow(config),
  }),
  write: (sizes) => ({
    ...writeSizes(sizes, "qwen3", "Qwen3ForCausalLM"),
    attention_bias: sizes.attentionBias === true,
    ...writeQwenWindow(sizes),
  }),
  build,
};

function readSizes(config: ConfigReader): LlamaSizes {
  const [dModel, numHeads] = [config.size("hidden_size"), config.size("num_attention_heads")];
  const { theta, scaling } = readRope(config);
  return {
    vocabSize: config.size("vocab_size"),
    dModel,
    numLayers: config.size("num_hidden_layers"),
    numHeads,
    numKvHeads: config.size("num_key_value_heads", numHeads),
    headDim: config.size("head_dim", dModel / numHeads),
    hiddenDim: config.size("intermediate_size"),
    theta,
    scaling,
    trainedLength: config.size("max_position_embeddings", 2048),
    activation: readActivation(config, "hidden_act", "silu"),
    eps: config.positive("rms_norm_eps", 1e-6),
    tiedHead: config.flag("tie_word_embeddings", false),
  };
}

function writeSizes(sizes: LlamaSizes, modelType: string, className: string): ModelConfig {
  const { vocabSize, dModel, numLayers, numHeads, numKvHeads = numHeads, headDim = dModel / numHeads, hiddenDim } = sizes;
  const { trainedLength = 2048, theta = 10000, scaling, activation = "silu", eps = 1e-6, tiedHead = false } = sizes;
  return {
    model_type: modelType,
    architectures: [className],
    vocab_size: vocabSize,
    hidden_size: dModel,
    num_hidden_layers: numLayers,
    num_attention_heads: numHeads,
    num_key_value_heads: numKvHeads,
    head_dim: headDim,
    intermediate_size: hiddenDim,
    max_position_embeddings: scaling?.type === "dynamic" ? scaling.originalMaxLength : trainedLength,
    hidden_act: writeActivation(activation),
    rms_norm_eps: eps,
    tie_word_embeddings: tiedHead,
    ...writeRope({ theta, scaling, partial: undefined }),
  };
}

function readQwenWindow(config: ConfigReader): Pick<LlamaSizes, "window"> {
  if (!config.flag("use_sliding_window", false)) return {};
  const first = config.size("max_window_layers", 28);
  return readWindow(config, (index) => index >= first);
}

/** `max_window_layers` 0 means nothing to Hugging Face's own reader beside `layer_types`, which say the rest. */
function writeQwenWindow(sizes: LlamaSizes): ModelConfig {
  const written = writeWindow(sizes);
  return { use_sliding_window: written["sliding_window"] !== null, ...written };
}
