import { type Block, type Complete, Linear, normalInit, type Random } from "@tfblocks/tensor-utils";
import { TiedHead } from "../../blocks/heads.js";
import type { TokenEmbedding } from "../../blocks/token-embedding.js";
import type { ConfigReader } from "./config-reader.js";

/** The head that predicts the next token. */
export interface HeadSizes {
  /** Whether there is a head that predicts the next token; default true. Without it a model gives hidden states only. */
  readonly languageHead?: boolean;
  /** Whether the head is the token embedding. */
  readonly tiedHead?: boolean;
}

/** The head of a decoder; undefined where it has none. */
export function decoderHead(
  {
    languageHead: exists,
    tiedHead,
    dModel,
    vocabSize,
    random,
  }: Complete<HeadSizes & { dModel: number; vocabSize: number; random: Random }>,
  embedding: TokenEmbedding,
): Block | undefined {
  if (!exists) return undefined;
  if (tiedHead) return new TiedHead({ embedding });
  return new Linear({ inFeatures: dModel, outFeatures: vocabSize, bias: false, init: normalInit(0.02), random: random.split("head") });
}

/** How transformers names a family's head. */
interface HeadNames {
  /** The class of the model without a head, for example `"LlamaModel"`. */
  readonly bareClass: string;
  /** The name of the head's weight. */
  readonly weight: string;
  /** Whether it is tied where the config does not say. */
  readonly tied: boolean;
}

/** Reads `architectures` and `tie_word_embeddings`. @param names of the weights' tensors */
export function readHead(config: ConfigReader, names: ReadonlySet<string>, { bareClass, weight, tied }: HeadNames): Required<HeadSizes> {
  const tiedHead = config.flag("tie_word_embeddings", { absent: tied });
  if (isBare(config, bareClass)) return { languageHead: false, tiedHead };
  if (!tiedHead && !names.has(weight)) config.refuse("tie_word_embeddings", `true for weights without "${weight}"`, tiedHead);
  return { languageHead: true, tiedHead };
}

/** The head of an encoder, which predicts masked tokens. */
export interface MaskedHead {
  readonly exists: boolean;
  /** The name of its weight. */
  readonly weight: string;
  /** The names of the weights' tensors. */
  readonly names: ReadonlySet<string>;
}

/** Reads `tie_word_embeddings` of an encoder. */
export function readTiedHead(config: ConfigReader, { exists, weight, names }: MaskedHead): boolean {
  const tied = config.flag("tie_word_embeddings", { absent: true });
  return tied || !exists || names.has(weight) ? tied : config.refuse("tie_word_embeddings", `true for weights without "${weight}"`, tied);
}

function isBare(config: ConfigReader, bareClass: string): boolean {
  if (!config.has("architectures") || config.isNull("architectures")) return false;
  return config.texts("architectures")[0] === bareClass;
}

/** The class of transformers that loads a decoder. @param classes what the names of its classes start with */
export function writtenClass({ languageHead }: Required<Pick<HeadSizes, "languageHead">>, classes: string): string {
  return `${classes}${languageHead ? "ForCausalLM" : "Model"}`;
}
