import { huggingFaceActivationName } from "@tfblocks/feed-forward";
import type { Complete } from "@tfblocks/tensor-utils";
import type { FamilyFields } from "./config-fields.js";
import type { ConfigReader, ModelConfig } from "./config-reader.js";
import { readHead, writtenClass } from "./language-head.js";
import { type LlamaLikeSizes, plainDefaults } from "./llama-like-sizes.js";
import { headDimOf } from "./model-sizes.js";
import { outsideNames, readRope, refusePartial, type Rope, ropeFieldNames, writeRope } from "./rope.js";

/** The fields of Llama's config. @param more of a family that is like it */
export function llamaLikeFields(more: Partial<FamilyFields> = {}): FamilyFields {
  return {
    read: [
      "architectures",
      "head_dim",
      "hidden_act",
      "hidden_size",
      "intermediate_size",
      "num_attention_heads",
      "num_hidden_layers",
      "num_key_value_heads",
      ...ropeFieldNames,
      ...Object.values(outsideNames),
      "rms_norm_eps",
      "tie_word_embeddings",
      "vocab_size",
      ...(more.read ?? []),
    ],
    only: { is_causal: [true], ...more.only },
    harmless: ["pretraining_tp", ...(more.harmless ?? [])],
  };
}

/** The defaults of transformers for fields that a config does not have. */
interface HuggingFaceDefaults {
  /** What the names of its classes start with: `"Llama"`. */
  readonly classes: string;
  /** The class of the model without a head; default `"<classes>Model"`. */
  readonly bareClass?: string;
  readonly trainedLength: number;
  /** Default the number of heads. */
  readonly numKvHeads?: number;
  /** Default dModel / numHeads. */
  readonly headDim?: number;
  /** Default 10000. */
  readonly theta?: number;
  /** Default 1e-6. */
  readonly eps?: number;
  /** Default false. */
  readonly tiedHead?: boolean;
}

/** @param rope the rotary settings of a family that has them in other fields */
export function readLlamaLike(
  config: ConfigReader,
  names: ReadonlySet<string>,
  huggingFace: HuggingFaceDefaults,
  rope: Rope = readRope(config, { theta: huggingFace.theta ?? plainDefaults.theta, trainedLength: huggingFace.trainedLength }),
): Complete<Omit<LlamaLikeSizes, "dropout" | "random">> {
  const [dModel, numHeads] = [config.size("hidden_size"), config.size("num_attention_heads")];
  const { classes, bareClass = `${classes}Model`, tiedHead: tied = false } = huggingFace;
  refusePartial(config, rope);
  return {
    vocabSize: config.size("vocab_size"),
    dModel,
    numLayers: config.size("num_hidden_layers"),
    numHeads,
    numKvHeads: config.size("num_key_value_heads", { absent: huggingFace.numKvHeads ?? numHeads, null: numHeads }),
    headDim: config.size("head_dim", { absent: huggingFace.headDim ?? dModel / numHeads, null: dModel / numHeads }),
    hiddenDim: config.size("intermediate_size"),
    theta: rope.theta,
    scaling: rope.scaling,
    trainedLength: config.size("max_position_embeddings", { absent: huggingFace.trainedLength }),
    activation: config.activation("hidden_act", { absent: plainDefaults.activation }),
    eps: config.positive("rms_norm_eps", { absent: huggingFace.eps ?? plainDefaults.eps }),
    ...readHead(config, names, { bareClass, weight: "lm_head.weight", tied }),
  };
}

/**
 * @param classes what the names of its classes in transformers start with
 * @param rule whether they refuse a dModel that numHeads does not divide, even with a head_dim; default false
 */
export function writeLlamaLike(
  sizes: Complete<LlamaLikeSizes>,
  classes: string,
  { divisible = false }: { readonly divisible?: boolean } = {},
): ModelConfig {
  if (divisible) headDimOf("modelConfig", sizes);
  return {
    architectures: [writtenClass(sizes, classes)],
    vocab_size: sizes.vocabSize,
    hidden_size: sizes.dModel,
    num_hidden_layers: sizes.numLayers,
    num_attention_heads: sizes.numHeads,
    num_key_value_heads: sizes.numKvHeads,
    head_dim: sizes.headDim,
    intermediate_size: sizes.hiddenDim,
    hidden_act: huggingFaceActivationName(sizes.activation),
    rms_norm_eps: sizes.eps,
    tie_word_embeddings: sizes.tiedHead,
    ...writeRope(sizes, sizes.trainedLength),
  };
}
