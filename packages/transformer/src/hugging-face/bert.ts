import type { LanguageModel } from "../blocks/language-model.js";
import { bert as build, type BertSizes } from "../models/bert.js";
import { readActivation, writeActivation } from "./activation-names.js";
import type { Architecture } from "./architecture.js";
import type { ConfigReader } from "./config-reader.js";

export const bert: Architecture<BertSizes, LanguageModel> = {
  read(config, names) {
    const dModel = config.size("hidden_size");
    const ends = (end: string) => [...(names ?? [])].some((name) => name.endsWith(end));
    const masked = names === undefined ? className(config) === "BertForMaskedLM" : ends("cls.predictions.bias");
    return {
      vocabSize: config.size("vocab_size"),
      maxLength: config.size("max_position_embeddings"),
      numSegments: config.size("type_vocab_size", 2),
      dModel,
      numLayers: config.size("num_hidden_layers"),
      numHeads: config.size("num_attention_heads"),
      hiddenDim: config.size("intermediate_size", 4 * dModel),
      activation: readActivation(config, "hidden_act", "gelu"),
      eps: config.positive("layer_norm_eps", 1e-12),
      dropout: config.rate("hidden_dropout_prob", 0.1),
      maskedLanguageHead: masked,
      pooler: names === undefined ? !masked : ends("pooler.dense.weight"),
    };
  },
  write: ({ vocabSize, maxLength, dModel, numLayers, numHeads, hiddenDim = 4 * dModel, dropout = 0, ...rest }) => ({
    model_type: "bert",
    architectures: [(rest.maskedLanguageHead ?? true) ? "BertForMaskedLM" : "BertModel"],
    vocab_size: vocabSize,
    max_position_embeddings: maxLength,
    type_vocab_size: rest.numSegments ?? 2,
    hidden_size: dModel,
    num_hidden_layers: numLayers,
    num_attention_heads: numHeads,
    intermediate_size: hiddenDim,
    hidden_act: writeActivation(rest.activation ?? "gelu"),
    layer_norm_eps: rest.eps ?? 1e-12,
    hidden_dropout_prob: dropout,
    attention_probs_dropout_prob: dropout,
  }),
  build,
};

function className(config: ConfigReader): string | undefined {
  return config.has("architectures") ? config.texts("architectures", 1)[0] : undefined;
}
