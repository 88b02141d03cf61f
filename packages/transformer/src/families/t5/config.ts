import { type ActivationName, canonicalActivationName, huggingFaceActivationName, isActivationName } from "@tfblocks/feed-forward";
import { type Complete, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { ConfigReader, ModelConfig } from "../shared/config-reader.js";
import { activationOf, plainDefaults, type T5Sizes } from "./sizes.js";

export function readConfig(config: ConfigReader, names: ReadonlySet<string>): T5Sizes {
  const numLayers = config.size("num_layers");
  return {
    vocabSize: config.size("vocab_size"),
    dModel: config.size("d_model"),
    headDim: config.size("d_kv"),
    hiddenDim: config.size("d_ff"),
    numLayers,
    numDecoderLayers: config.size("num_decoder_layers", numLayers),
    numHeads: config.size("num_heads"),
    numBuckets: config.size("relative_attention_num_buckets", plainDefaults.numBuckets),
    maxDistance: config.size("relative_attention_max_distance", plainDefaults.maxDistance),
    ...readProjection(config),
    eps: config.positive("layer_norm_epsilon", plainDefaults.eps),
    tiedHead: !names.has("lm_head.weight"), // transformers 5 writes tie_word_embeddings: true for every T5
    scaledHead: config.flag("scale_decoder_outputs", config.flag("tie_word_embeddings", plainDefaults.tiedHead)),
    dropout: config.rate("dropout_rate", 0.1),
  };
}

export function writeConfig(sizes: Complete<T5Sizes>): ModelConfig {
  return {
    architectures: ["T5ForConditionalGeneration"],
    is_encoder_decoder: true,
    vocab_size: sizes.vocabSize,
    d_model: sizes.dModel,
    d_kv: sizes.headDim,
    d_ff: sizes.hiddenDim,
    num_layers: sizes.numLayers,
    num_decoder_layers: sizes.numDecoderLayers,
    num_heads: sizes.numHeads,
    relative_attention_num_buckets: sizes.numBuckets,
    relative_attention_max_distance: sizes.maxDistance,
    feed_forward_proj: writeProjection(sizes),
    layer_norm_epsilon: sizes.eps,
    tie_word_embeddings: sizes.tiedHead,
    scale_decoder_outputs: sizes.scaledHead,
    dropout_rate: sizes.dropout,
    pad_token_id: 0,
    eos_token_id: 1,
    decoder_start_token_id: 0,
  };
}

const gatedPrefix = "gated-";

/** Reads `"relu"`, or `"gated-silu"`; `"gated-gelu"` is the tanh form. */
function readProjection(config: ConfigReader): { gated: boolean; activation: ActivationName } {
  const projection = config.text("feed_forward_proj", activationOf(plainDefaults));
  const gated = projection.startsWith(gatedPrefix);
  const activation = gated ? projection.slice(gatedPrefix.length) : projection;
  if (gated && activation === "gelu") return { gated, activation: "geluTanh" };
  if (isActivationName(activation)) return { gated, activation };
  return refuse(ValueError, "loadModel", "config.feed_forward_proj", 'the name of an activation, or "gated-" and one', projection);
}

function writeProjection({ gated, activation }: Complete<T5Sizes>): string {
  if (!gated) return huggingFaceActivationName(activation);
  const canonical = canonicalActivationName(activation);
  if (canonical === "geluTanh") return `${gatedPrefix}gelu`;
  return `${gatedPrefix}${canonical === "gelu" ? "gelu_python" : huggingFaceActivationName(activation)}`;
}
