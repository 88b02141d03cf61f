import type { LanguageModel } from "../blocks/language-model.js";
import { gemma2 as build, type Gemma2Sizes } from "../models/gemma2.js";
import { readActivation } from "./activation-names.js";
import type { Architecture } from "./architecture.js";
import { readRope, writeRope } from "./rope.js";
import { readWindow, writeWindow } from "./windows.js";

export const gemma2: Architecture<Gemma2Sizes, LanguageModel> = {
  read(config) {
    const numHeads = config.size("num_attention_heads");
    return {
      vocabSize: config.size("vocab_size"),
      dModel: config.size("hidden_size"),
      numLayers: config.size("num_hidden_layers"),
      numHeads,
      numKvHeads: config.size("num_key_value_heads", numHeads),
      headDim: config.size("head_dim", 256),
      hiddenDim: config.size("intermediate_size"),
      theta: readRope(config).theta,
      queryScalar: config.positive("query_pre_attn_scalar", 256),
      attentionSoftcap: config.positive("attn_logit_softcapping", 50),
      logitSoftcap: config.positive("final_logit_softcapping", 30),
      activation: readActivation(config, "hidden_activation", "gelu_pytorch_tanh"),
      eps: config.positive("rms_norm_eps", 1e-6),
      ...readWindow(config, (index) => index % 2 === 0),
    };
  },
  write(sizes) {
    const { vocabSize, dModel, numLayers, numHeads, numKvHeads = numHeads, headDim = dModel / numHeads, hiddenDim } = sizes;
    return {
      model_type: "gemma2",
      architectures: ["Gemma2ForCausalLM"],
      vocab_size: vocabSize,
      hidden_size: dModel,
      num_hidden_layers: numLayers,
      num_attention_heads: numHeads,
      num_key_value_heads: numKvHeads,
      head_dim: headDim,
      intermediate_size: hiddenDim,
      query_pre_attn_scalar: sizes.queryScalar ?? headDim,
      attn_logit_softcapping: sizes.attentionSoftcap ?? 50,
      final_logit_softcapping: sizes.logitSoftcap ?? 30,
      hidden_activation: "gelu_pytorch_tanh",
      rms_norm_eps: sizes.eps ?? 1e-6,
      tie_word_embeddings: true,
      ...writeRope({ theta: sizes.theta ?? 10000, scaling: undefined, partial: undefined }),
      ...writeWindow(sizes),
    };
  },
  build,
};
