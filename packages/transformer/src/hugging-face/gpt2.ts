import { refuse, ValueError } from "@tfblocks/tensor-utils";
import type { LanguageModel } from "../blocks/language-model.js";
import { gpt2 as build, type Gpt2Sizes } from "../models/gpt2.js";
import { readActivation, writeActivation } from "./activation-names.js";
import type { Architecture } from "./architecture.js";
import type { ConfigReader } from "./config-reader.js";

export const gpt2: Architecture<Gpt2Sizes, LanguageModel> = {
  read(config) {
    checkPlain(config);
    const dModel = config.size("n_embd");
    return {
      vocabSize: config.size("vocab_size"),
      maxLength: config.size("n_positions"),
      dModel,
      numLayers: config.size("n_layer"),
      numHeads: config.size("n_head"),
      hiddenDim: config.size("n_inner", 4 * dModel),
      activation: readActivation(config, "activation_function", "gelu_new"),
      eps: config.positive("layer_norm_epsilon", 1e-5),
      tiedHead: config.flag("tie_word_embeddings", true),
      dropout: config.rate("resid_pdrop", 0.1),
    };
  },
  write: ({ vocabSize, maxLength, dModel, numLayers, numHeads, hiddenDim = 4 * dModel, dropout = 0, ...rest }) => ({
    model_type: "gpt2",
    architectures: ["GPT2LMHeadModel"],
    vocab_size: vocabSize,
    n_positions: maxLength,
    n_embd: dModel,
    n_layer: numLayers,
    n_head: numHeads,
    n_inner: hiddenDim,
    activation_function: writeActivation(rest.activation ?? "geluTanh"),
    layer_norm_epsilon: rest.eps ?? 1e-5,
    tie_word_embeddings: rest.tiedHead ?? true,
    resid_pdrop: dropout,
    embd_pdrop: dropout,
    attn_pdrop: dropout,
  }),
  build,
};

function checkPlain(config: ConfigReader): void {
  const plain = config.flag("scale_attn_weights", true) && !config.flag("scale_attn_by_inverse_layer_idx", false);
  if (!plain) refuse(ValueError, "loadModel", "config.scale_attn_weights", "scores divided by sqrt(headDim) alone", "another scale");
}
