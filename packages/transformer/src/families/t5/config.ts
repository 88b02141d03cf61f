import { type ActivationName, canonicalActivationName, huggingFaceActivationName, isActivationName } from "@tfblocks/feed-forward";
import type { Complete } from "@tfblocks/tensor-utils";
import type { FamilyFields } from "../shared/config-fields.js";
import type { ConfigReader, ModelConfig } from "../shared/config-reader.js";
import { activationOf, plainDefaults, type T5Sizes } from "./sizes.js";

export const fields: FamilyFields = {
  read: [
    "d_ff",
    "d_kv",
    "d_model",
    "dense_act_fn",
    "dropout_rate",
    "feed_forward_proj",
    "is_gated_act",
    "layer_norm_epsilon",
    "num_decoder_layers",
    "num_heads",
    "num_layers",
    "relative_attention_max_distance",
    "relative_attention_num_buckets",
    "scale_decoder_outputs",
    "tie_word_embeddings",
    "vocab_size",
  ],
  aliases: { head_dim: "d_kv", hidden_size: "d_model", num_attention_heads: "num_heads", num_hidden_layers: "num_layers" },
  only: { is_causal: [true], is_encoder_decoder: [true], tie_encoder_decoder: [false] },
  harmless: ["architectures", "initializer_factor", "n_positions", "output_past", "task_specific_params"],
};

export function readConfig(config: ConfigReader, names: ReadonlySet<string>): T5Sizes {
  const numLayers = config.size("num_layers");
  return {
    vocabSize: config.size("vocab_size"),
    dModel: config.size("d_model"),
    headDim: config.size("d_kv"),
    hiddenDim: config.size("d_ff"),
    numLayers,
    numDecoderLayers: config.size("num_decoder_layers", { absent: numLayers, null: numLayers }),
    numHeads: config.size("num_heads"),
    numBuckets: config.size("relative_attention_num_buckets", { absent: plainDefaults.numBuckets }),
    maxDistance: config.size("relative_attention_max_distance", { absent: plainDefaults.maxDistance }),
    ...readProjection(config),
    eps: config.positive("layer_norm_epsilon", { absent: plainDefaults.eps }),
    tiedHead: !names.has("lm_head.weight"), // transformers 5 writes tie_word_embeddings: true for every T5
    scaledHead: config.flag("scale_decoder_outputs", { absent: config.flag("tie_word_embeddings", { absent: plainDefaults.tiedHead }) }),
    dropout: config.rate("dropout_rate", { absent: 0.1 }),
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

/**
 * `feed_forward_proj` is `"relu"`, or `"gated-silu"`; `"gated-gelu"` is the tanh form. Where transformers has written `dense_act_fn` and
 * `is_gated_act` beside it, those count.
 */
function readProjection(config: ConfigReader): { gated: boolean; activation: ActivationName } {
  const projection = config.text("feed_forward_proj", { absent: activationOf(plainDefaults) });
  const gated = projection.startsWith(gatedPrefix);
  return {
    gated: config.flag("is_gated_act", { absent: gated }),
    activation: config.has("dense_act_fn") ? config.activation("dense_act_fn") : projectionActivation(config, projection, gated),
  };
}

function projectionActivation(config: ConfigReader, projection: string, gated: boolean): ActivationName {
  const name = gated ? projection.slice(gatedPrefix.length) : projection;
  if (gated && name === "gelu") return "geluTanh";
  return isActivationName(name) ? name : config.refuse("feed_forward_proj", 'the name of an activation, or "gated-" and one');
}

function writeProjection({ gated, activation }: Complete<T5Sizes>): string {
  if (!gated) return huggingFaceActivationName(activation);
  const canonical = canonicalActivationName(activation);
  if (canonical === "geluTanh") return `${gatedPrefix}gelu`;
  return `${gatedPrefix}${canonical === "gelu" ? "gelu_python" : huggingFaceActivationName(activation)}`;
}
