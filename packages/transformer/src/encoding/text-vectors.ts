import {
  concat,
  div,
  gather,
  maximum,
  norm,
  reshape,
  tensor1d,
  tensor2d,
  type Tensor2D,
  type Tensor3D,
  sum,
  zeros,
} from "@tensorflow/tfjs-core";
import { checkInteger, checkOptions, describeValue, type OptionNames, refuse, scope, ValueError } from "@tfblocks/tensor-utils";
import type { LanguageModel } from "../blocks/language-model.js";
import { checkTexts, packTexts } from "./pack-texts.js";

/** How the hidden states of a text become one vector. */
export type Pooling = "mean" | "first" | "last" | "pooler";

/** Options of {@link textVectors}. */
export interface TextVectorOptions {
  /**
   * The mean of the hidden states, special tokens included; that of the first token, as of BERT's `[CLS]`; that of the last token, as
   * of a causal model; or what the model's pooler makes of the first. Default `"mean"`.
   */
  readonly pooling?: Pooling | undefined;
  /** Whether to divide each vector by its length: v / max(‖v‖, 1e-12), as PyTorch's `normalize`. Default false. */
  readonly normalize?: boolean | undefined;
  /** How many tokens are computed at once, unless one text has more; more take more memory. Default 4096. */
  readonly tokensPerPass?: number | undefined;
}

const optionNames: OptionNames<TextVectorOptions> = { pooling: true, normalize: "flag", tokensPerPass: true };
const poolings: readonly Pooling[] = ["mean", "first", "last", "pooler"];
const operation = "textVectors";

/** PyTorch's least divisor. */
const leastLength = 1e-12;

/**
 * A vector for each text, as a sentence encoder such as Sentence-BERT (Reimers and Gurevych 2019) gives it. The texts are packed, so
 * that none is padded to the length of another.
 *
 * @param texts the ids of each text, with the special tokens that the model expects
 * @returns `[texts, dModel]`
 * @throws ValueError as `packTexts`; when the model lacks the pooler that is asked for, or an option is unknown or out of range
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { textVectors } from "@tfblocks/transformer/encode";
 * import { bert } from "@tfblocks/transformer/models";
 * const model = bert({ vocabSize: 50, dModel: 16, numLayers: 1, numHeads: 2, hiddenDim: 32, maxLength: 8 });
 * const vectors = textVectors(model, [[2, 7, 3], [2, 8, 9, 5, 3]], { normalize: true });
 * vectors.shape; // [2, 16]
 * ```
 */
export function textVectors(model: LanguageModel, texts: readonly (readonly number[])[], options: TextVectorOptions = {}): Tensor2D {
  const { pooling = "mean", normalize = false, tokensPerPass = 4096 } = checkOptions(operation, options, optionNames);
  if (!poolings.includes(pooling)) refuse(ValueError, operation, "pooling", `"mean", "first", "last" or "pooler"`, describeValue(pooling));
  checkInteger(operation, "tokensPerPass", tokensPerPass, 1);
  checkTexts(operation, texts);
  return scope(() => {
    const vectors = concat(passesOf(texts, tokensPerPass).map((pass) => vectorsOf(model, pass, pooling)));
    return normalize ? (div(vectors, maximum(norm(vectors, "euclidean", 1, true), leastLength)) as Tensor2D) : vectors;
  });
}

/** Consecutive texts that have so many tokens together, or a single one that has more. */
function passesOf(texts: readonly (readonly number[])[], tokens: number): (readonly number[])[][] {
  const passes: (readonly number[])[][] = [];
  let room = 0;
  for (const text of texts) {
    room -= text.length;
    if (room < 0 || passes.length === 0) {
      passes.push([]);
      room = tokens - text.length;
    }
    passes.at(-1)!.push(text);
  }
  return passes;
}

/** `[texts, dModel]` */
function vectorsOf(model: LanguageModel, texts: readonly (readonly number[])[], pooling: Pooling): Tensor2D {
  return scope(() => {
    const { ids, positions, mask, lengths } = packTexts(model, texts);
    const { output } = model.hidden(ids, { positions, mask });
    const rows: Tensor2D = reshape(output, [output.shape[1], output.shape[2]]); // [total, dModel]
    if (pooling === "mean") return meansOf(rows, lengths);
    let end = 0;
    const ends = lengths.map((length) => (end += length));
    const at = ends.map((each, index) => (pooling === "last" ? each - 1 : each - lengths[index]!));
    const chosen = gather(rows, tensor1d(at, "int32")); // [texts, dModel]
    return pooling === "pooler" ? model.pooled(reshape(chosen, [lengths.length, 1, rows.shape[1]]) as Tensor3D) : chosen;
  });
}

/** The mean of the rows of each text, `[texts, dModel]`: a sum of rows that are its own or zeros, as 0 times NaN would be NaN. */
function meansOf(rows: Tensor2D, lengths: readonly number[]): Tensor2D {
  const [total, dModel] = rows.shape;
  const [count, longest] = [lengths.length, Math.max(...lengths)];
  const own = new Int32Array(count * longest).fill(total); // the row of zeros
  let start = 0;
  for (const [text, length] of lengths.entries()) for (let at = 0; at < length; at++) own[text * longest + at] = start++;
  const withZeros = concat([rows, zeros([1, dModel])]) as Tensor2D;
  const padded: Tensor3D = reshape(gather(withZeros, tensor1d(own, "int32")), [count, longest, dModel]);
  return div(sum(padded, 1), tensor2d([...lengths], [count, 1])) as Tensor2D;
}
