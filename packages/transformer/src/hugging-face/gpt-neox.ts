import type { LanguageModel } from "../blocks/language-model.js";
import { gptNeoX as build, type GptNeoXSizes } from "../models/gpt-neox.js";
import { readActivation, writeActivation } from "./activation-names.js";
import type { Architecture } from "./architecture.js";
import type { ConfigReader } from "./config-reader.js";
import { readRope, writeRope } from "./rope.js";

export const gptNeoX: Architecture<GptNeoXSizes, LanguageModel> = {
  read(config) {
    const [dModel, numHeads] = [config.size("hidden_size"), config.size("num_attention_heads")];
    const rope = readNeoXRope(config);
    return {
      vocabSize: config.size("vocab_size"),
      dModel,
      numLayers: config.size("num_hidden_layers"),
      numHeads,
      hiddenDim: config.size("intermediate_size"),
      rotaryDim: Math.floor((dModel / numHeads) * rope.partial),
      theta: rope.theta,
      scaling: rope.scaling,
      parallel: config.flag("use_parallel_residual", true),
      attentionBias: config.flag("attention_bias", true),
      activation: readActivation(config, "hidden_act", "gelu"),
      eps: config.positive("layer_norm_eps", 1e-5),
      dropout: config.rate("hidden_dropout", 0),
    };
  },
  write(sizes) {
    const { vocabSize, dModel, numLayers, numHeads, hiddenDim = 4 * dModel, theta = 10000, scaling, dropout = 0 } = sizes;
    const headDim = dModel / numHeads;
    const partial = (sizes.rotaryDim ?? headDim / 4) / headDim;
    return {
      model_type: "gpt_neox",
      architectures: ["GPTNeoXForCausalLM"],
      vocab_size: vocabSize,
      hidden_size: dModel,
      num_hidden_layers: numLayers,
      num_attention_heads: numHeads,
      intermediate_size: hiddenDim,
      use_parallel_residual: sizes.parallel ?? true,
      attention_bias: sizes.attentionBias ?? true,
      hidden_act: writeActivation(sizes.activation ?? "gelu"),
      layer_norm_eps: sizes.eps ?? 1e-5,
      hidden_dropout: dropout,
      attention_dropout: dropout,
      tie_word_embeddings: false,
      rotary_pct: partial,
      rotary_emb_base: theta,
      ...writeRope({ theta, scaling, partial }),
    };
  },
  build,
};

/** transformers 4 has its own names here: `rotary_pct` and `rotary_emb_base`. */
function readNeoXRope(config: ConfigReader) {
  const { theta, scaling, partial } = readRope(config);
  return {
    theta: config.has("rope_parameters") || config.has("rope_theta") ? theta : config.positive("rotary_emb_base", 10000),
    scaling,
    partial: partial ?? config.positive("rotary_pct", 0.25),
  };
}
