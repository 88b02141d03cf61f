import { huggingFaceActivationName } from "@tfblocks/feed-forward";
import type { Complete } from "@tfblocks/tensor-utils";
import type { FamilyFields } from "../shared/config-fields.js";
import type { ConfigReader, ModelConfig } from "../shared/config-reader.js";
import { readHead, writtenClass } from "../shared/language-head.js";
import { headDimOf } from "../shared/model-sizes.js";
import { readRope, readRotaryDim, ropeFieldNames, writeRope } from "../shared/rope.js";
import { type GptNeoXSizes, plainDefaults, rotaryFraction, trainedLength } from "./sizes.js";

export const fields: FamilyFields = {
  read: [
    "architectures",
    "attention_bias",
    "hidden_act",
    "hidden_dropout",
    "hidden_size",
    "intermediate_size",
    "layer_norm_eps",
    "num_attention_heads",
    "num_hidden_layers",
    ...ropeFieldNames,
    "rotary_emb_base",
    "rotary_pct",
    "tie_word_embeddings",
    "use_parallel_residual",
    "vocab_size",
  ],
  only: { head_dim: [null], is_causal: [true] },
  harmless: ["partial_rotary_factor", "rope_theta"],
};

export function readConfig(config: ConfigReader, names: ReadonlySet<string>): GptNeoXSizes {
  const [dModel, numHeads] = [config.size("hidden_size"), config.size("num_attention_heads")];
  const { theta, scaling, partial = rotaryFraction } = readRope(config, { theta: plainDefaults.theta, trainedLength, outside });
  return {
    vocabSize: config.size("vocab_size"),
    dModel,
    numLayers: config.size("num_hidden_layers"),
    numHeads,
    hiddenDim: config.size("intermediate_size"),
    ...readRotaryDim(config, "rotary_pct", (dModel / numHeads) * partial, { theta, scaling }),
    scaling,
    trainedLength: config.size("max_position_embeddings", { absent: trainedLength }),
    parallel: config.flag("use_parallel_residual", { absent: plainDefaults.parallel }),
    attentionBias: config.flag("attention_bias", { absent: plainDefaults.attentionBias }),
    activation: config.activation("hidden_act", { absent: plainDefaults.activation }),
    eps: config.positive("layer_norm_eps", { absent: plainDefaults.eps }),
    ...readHead(config, names, { bareClass: "GPTNeoXModel", weight: headName(names), tied: plainDefaults.tiedHead }),
    dropout: config.rate("hidden_dropout", { absent: 0 }),
  };
}

/** transformers has names of its own here, and ignores the usual ones. */
const outside = { theta: "rotary_emb_base", partial: "rotary_pct" };

/** Files of transformers 5 may have the name that the head has in memory. */
function headName(names: ReadonlySet<string>): string {
  return names.has("lm_head.weight") ? "lm_head.weight" : "embed_out.weight";
}

export function writeConfig(sizes: Complete<GptNeoXSizes>): ModelConfig {
  const { theta, scaling } = sizes;
  const partial = sizes.rotaryDim / headDimOf("modelConfig", sizes);
  return {
    architectures: [writtenClass(sizes, "GPTNeoX")],
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
    tie_word_embeddings: sizes.tiedHead,
    rotary_pct: partial,
    rotary_emb_base: theta,
    ...writeRope({ theta, scaling, partial }, sizes.trainedLength),
  };
}
