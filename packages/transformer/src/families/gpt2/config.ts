import { huggingFaceActivationName } from "@tfblocks/feed-forward";
import type { Complete } from "@tfblocks/tensor-utils";
import type { FamilyFields } from "../shared/config-fields.js";
import type { ConfigReader, ModelConfig } from "../shared/config-reader.js";
import { readHead } from "../shared/language-head.js";
import { type Gpt2Sizes, plainDefaults } from "./sizes.js";

export const fields: FamilyFields = {
  read: [
    "activation_function",
    "architectures",
    "layer_norm_epsilon",
    "n_embd",
    "n_head",
    "n_inner",
    "n_layer",
    "n_positions",
    "resid_pdrop",
    "scale_attn_by_inverse_layer_idx",
    "scale_attn_weights",
    "tie_word_embeddings",
    "vocab_size",
  ],
  aliases: { hidden_size: "n_embd", max_position_embeddings: "n_positions", num_attention_heads: "n_head", num_hidden_layers: "n_layer" },
  only: { is_causal: [true] },
  harmless: [
    "attn_pdrop",
    "embd_pdrop",
    "hidden_dropout", // of other heads, as all of summary_*
    "n_ctx",
    "reorder_and_upcast_attn", // the same in float32
    "summary_activation",
    "summary_first_dropout",
    "summary_last_dropout",
    "summary_proj_to_labels",
    "summary_type",
    "summary_use_proj",
    "task_specific_params",
  ],
};

export function readConfig(config: ConfigReader, names: ReadonlySet<string>): Gpt2Sizes {
  const dModel = config.size("n_embd");
  return {
    vocabSize: config.size("vocab_size"),
    maxLength: config.size("n_positions"),
    dModel,
    numLayers: config.size("n_layer"),
    numHeads: config.size("n_head"),
    hiddenDim: config.size("n_inner", { absent: 4 * dModel, null: 4 * dModel }),
    activation: config.activation("activation_function", { absent: plainDefaults.activation }),
    eps: config.positive("layer_norm_epsilon", { absent: plainDefaults.eps }),
    scaleScores: config.flag("scale_attn_weights", { absent: plainDefaults.scaleScores }),
    scaleByLayer: config.flag("scale_attn_by_inverse_layer_idx", { absent: plainDefaults.scaleByLayer }),
    ...readHead(config, names, { bareClass: "GPT2Model", weight: "lm_head.weight", tied: plainDefaults.tiedHead }),
    dropout: config.rate("resid_pdrop", { absent: 0.1 }),
  };
}

export function writeConfig(sizes: Complete<Gpt2Sizes>): ModelConfig {
  return {
    architectures: [sizes.languageHead ? "GPT2LMHeadModel" : "GPT2Model"],
    vocab_size: sizes.vocabSize,
    n_positions: sizes.maxLength,
    n_embd: sizes.dModel,
    n_layer: sizes.numLayers,
    n_head: sizes.numHeads,
    n_inner: sizes.hiddenDim,
    activation_function: huggingFaceActivationName(sizes.activation),
    layer_norm_epsilon: sizes.eps,
    scale_attn_weights: sizes.scaleScores,
    scale_attn_by_inverse_layer_idx: sizes.scaleByLayer,
    tie_word_embeddings: sizes.tiedHead,
    resid_pdrop: sizes.dropout,
    embd_pdrop: sizes.dropout,
    attn_pdrop: sizes.dropout,
  };
}
