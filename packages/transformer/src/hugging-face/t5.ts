import type { EncoderDecoder } from "../blocks/encoder-decoder.js";
import { t5 as build, type T5Sizes } from "../models/t5.js";
import { activationOf, writeActivation } from "./activation-names.js";
import type { Architecture } from "./architecture.js";
import type { ConfigReader } from "./config-reader.js";

export const t5: Architecture<T5Sizes, EncoderDecoder> = {
  read(config, names) {
    const numLayers = config.size("num_layers");
    const tied = config.flag("tie_word_embeddings", true);
    return {
      vocabSize: config.size("vocab_size"),
      dModel: config.size("d_model"),
      headDim: config.size("d_kv"),
      hiddenDim: config.size("d_ff"),
      numLayers,
      numDecoderLayers: config.size("num_decoder_layers", numLayers),
      numHeads: config.size("num_heads"),
      numBuckets: config.size("relative_attention_num_buckets", 32),
      maxDistance: config.size("relative_attention_max_distance", 128),
      ...readProjection(config),
      eps: config.positive("layer_norm_epsilon", 1e-6),
      tiedHead: names === undefined ? tied : !names.has("lm_head.weight"),
      scaledHead: config.flag("scale_decoder_outputs", tied),
      dropout: config.rate("dropout_rate", 0.1),
    };
  },
  write(sizes) {
    const { vocabSize, dModel, numLayers, numHeads, headDim = dModel / numHeads, hiddenDim, gated = false, dropout = 0 } = sizes;
    return {
      model_type: "t5",
      architectures: ["T5ForConditionalGeneration"],
      is_encoder_decoder: true,
      vocab_size: vocabSize,
      d_model: dModel,
      d_kv: headDim,
      d_ff: hiddenDim,
      num_layers: numLayers,
      num_decoder_layers: sizes.numDecoderLayers ?? numLayers,
      num_heads: numHeads,
      relative_attention_num_buckets: sizes.numBuckets ?? 32,
      relative_attention_max_distance: sizes.maxDistance ?? 128,
      feed_forward_proj: writeProjection(gated, sizes.activation ?? (gated ? "geluTanh" : "relu")),
      layer_norm_epsilon: sizes.eps ?? 1e-6,
      tie_word_embeddings: sizes.tiedHead ?? true,
      scale_decoder_outputs: sizes.scaledHead ?? sizes.tiedHead ?? true,
      dropout_rate: dropout,
      pad_token_id: 0,
      eos_token_id: 1,
      decoder_start_token_id: 0,
    };
  },
  build,
};

/** `"relu"`, or `"gated-silu"`; `"gated-gelu"` is the tanh form. */
function readProjection(config: ConfigReader): Pick<T5Sizes, "gated" | "activation"> {
  const projection = config.text("feed_forward_proj", "relu");
  const gated = projection.startsWith("gated-");
  const name = gated ? projection.slice("gated-".length) : projection;
  return { gated, activation: gated && name === "gelu" ? "geluTanh" : activationOf(name, "config.feed_forward_proj") };
}

function writeProjection(gated: boolean, activation: NonNullable<T5Sizes["activation"]>): string {
  if (!gated) return writeActivation(activation);
  return `gated-${activation === "geluTanh" ? "gelu" : writeActivation(activation)}`;
}
