import { huggingFaceActivationName } from "@tfblocks/feed-forward";
import type { Complete } from "@tfblocks/tensor-utils";
import type { ConfigReader, ModelConfig } from "./config-reader.js";
import { type LlamaLikeSizes, plainDefaults } from "./llama-like-sizes.js";
import { readRope, writeRope } from "./rope.js";
import { readWindow, type Window, writeWindow } from "./window.js";

/** The defaults of transformers for fields that a config does not have. */
interface HuggingFaceDefaults {
  readonly trainedLength: number;
  /** Default the number of heads. */
  readonly numKvHeads?: number;
  /** Default dModel / numHeads. */
  readonly headDim?: number;
}

export function readLlamaLike(config: ConfigReader, huggingFace: HuggingFaceDefaults): LlamaLikeSizes {
  const [dModel, numHeads] = [config.size("hidden_size"), config.size("num_attention_heads")];
  const { theta, scaling } = readRope(config, plainDefaults.theta);
  const numKvHeads = config.isNull("num_key_value_heads") ? numHeads : (huggingFace.numKvHeads ?? numHeads);
  return {
    vocabSize: config.size("vocab_size"),
    dModel,
    numLayers: config.size("num_hidden_layers"),
    numHeads,
    numKvHeads: config.size("num_key_value_heads", numKvHeads),
    headDim: config.size("head_dim", huggingFace.headDim ?? dModel / numHeads),
    hiddenDim: config.size("intermediate_size"),
    theta,
    scaling,
    trainedLength: config.size("max_position_embeddings", huggingFace.trainedLength),
    activation: config.activation("hidden_act", plainDefaults.activation),
    eps: config.positive("rms_norm_eps", plainDefaults.eps),
    tiedHead: config.flag("tie_word_embeddings", plainDefaults.tiedHead),
  };
}

/** @param className the class of transformers that loads the model */
export function writeLlamaLike(sizes: Complete<LlamaLikeSizes>, className: string): ModelConfig {
  const { trainedLength, theta, scaling } = sizes;
  return {
    architectures: [className],
    vocab_size: sizes.vocabSize,
    hidden_size: sizes.dModel,
    num_hidden_layers: sizes.numLayers,
    num_attention_heads: sizes.numHeads,
    num_key_value_heads: sizes.numKvHeads,
    head_dim: sizes.headDim,
    intermediate_size: sizes.hiddenDim,
    max_position_embeddings: scaling?.type === "dynamic" ? scaling.originalMaxLength : trainedLength,
    hidden_act: huggingFaceActivationName(sizes.activation),
    rms_norm_eps: sizes.eps,
    tie_word_embeddings: sizes.tiedHead,
    ...writeRope({ theta, scaling }),
  };
}

/** Qwen has windows in the layers from `max_window_layers` on, and only if `use_sliding_window` is true. */
export function readQwenWindow(config: ConfigReader): Window | undefined {
  if (!config.flag("use_sliding_window", false)) return undefined;
  const first = config.size("max_window_layers", 28);
  return readWindow(config, (index) => index >= first);
}

/** Leaves out `max_window_layers`, which transformers does not read where there is `layer_types`. */
export function writeQwenWindow(sizes: { readonly window: Window | undefined; readonly numLayers: number }): ModelConfig {
  const written = writeWindow(sizes);
  return { use_sliding_window: written["sliding_window"] !== null, ...written };
}
