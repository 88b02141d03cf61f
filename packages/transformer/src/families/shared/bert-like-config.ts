import { huggingFaceActivationName, type ActivationName } from "@tfblocks/feed-forward";
import type { FamilyFields } from "./config-fields.js";
import type { ConfigReader, ModelConfig } from "./config-reader.js";
import { type MaskedHead, readTiedHead } from "./language-head.js";

/** The fields of the config of BERT and of models that are built like it. @param more of one of them */
export function bertLikeFields(more: Partial<FamilyFields> = {}): FamilyFields {
  return {
    read: [
      "hidden_act",
      "hidden_dropout_prob",
      "hidden_size",
      "intermediate_size",
      "layer_norm_eps",
      "max_position_embeddings",
      "num_attention_heads",
      "num_hidden_layers",
      "tie_word_embeddings",
      "type_vocab_size",
      "vocab_size",
      ...(more.read ?? []),
    ],
    only: { is_decoder: [false], position_embedding_type: ["absolute"] },
    harmless: ["architectures", "attention_probs_dropout_prob", "is_causal", "output_past"],
  };
}

/** What the configs of BERT and of models that are built like it say in the same words. */
interface BertLike {
  readonly vocabSize: number;
  readonly numSegments: number;
  readonly dModel: number;
  readonly numLayers: number;
  readonly numHeads: number;
  readonly hiddenDim: number;
  readonly activation: ActivationName;
  readonly eps: number;
  readonly dropout: number;
  readonly tiedHead: boolean;
}

/** Where a config has no such fields, transformers takes a hidden size of 3072, 2 segments and an epsilon of 1e-12. */
export function readBertLike(config: ConfigReader, head: MaskedHead): BertLike {
  return {
    vocabSize: config.size("vocab_size"),
    numSegments: config.size("type_vocab_size", { absent: 2 }),
    dModel: config.size("hidden_size"),
    numLayers: config.size("num_hidden_layers"),
    numHeads: config.size("num_attention_heads"),
    hiddenDim: config.size("intermediate_size", { absent: 3072 }),
    activation: config.activation("hidden_act", { absent: "gelu" }),
    eps: config.positive("layer_norm_eps", { absent: 1e-12 }),
    dropout: config.rate("hidden_dropout_prob", { absent: 0.1 }),
    tiedHead: readTiedHead(config, head),
  };
}

/** @param architecture the class of transformers that loads the model */
export function writeBertLike(sizes: BertLike, architecture: string): ModelConfig {
  return {
    architectures: [architecture],
    vocab_size: sizes.vocabSize,
    type_vocab_size: sizes.numSegments,
    hidden_size: sizes.dModel,
    num_hidden_layers: sizes.numLayers,
    num_attention_heads: sizes.numHeads,
    intermediate_size: sizes.hiddenDim,
    hidden_act: huggingFaceActivationName(sizes.activation),
    layer_norm_eps: sizes.eps,
    tie_word_embeddings: sizes.tiedHead,
    hidden_dropout_prob: sizes.dropout,
    attention_probs_dropout_prob: sizes.dropout,
  };
}
