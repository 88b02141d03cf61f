import type { Tensor } from "@tensorflow/tfjs-core";
import type { MultiHeadAttention } from "@tfblocks/attention";
import { checkShapes } from "@tfblocks/tensor-utils";
import { checkAttention } from "../models/attentions.js";
import type { MapShape } from "../maps/allowed-keys.js";
import { headMatrices } from "../weights/head-weights.js";
import { type Matrix, multiply, transpose } from "../weights/matrix.js";

/** Attention weighted by the norms of what is attended to. Plain JSON. */
export interface NormWeightedAttention {
  readonly metric: "normWeightedAttention";
  readonly version: 1;
  /** `[batch, heads, queryLength, keyLength]`: the shape of `norms` and `relative`. */
  readonly shape: MapShape;
  /** ‖A_ij v_j W_O‖: how long the vector is that key j adds to the stream of query i. */
  readonly norms: readonly number[];
  /** `norms` divided by the sum of their row, so that `attentionMaps` takes them; a row of zeros stays 0. */
  readonly relative: readonly number[];
  /** `[batch, heads, keyLength]`: ‖v_j W_O‖, the norms at a weight of 1. */
  readonly valueNorms: readonly number[];
}

/**
 * Norm-based attention: ‖A_ij v_j W_O‖ for each head, where v_j = y_j W_V + b_V is the value of key j. A key with a large
 * weight and a small value, as an attention sink often is, adds little and gets a small number.
 *
 * The norms are ≥ 0, in units of the stream; `relative` is from 0 to 1. The bias of the output projection belongs to no key and is
 * left out. Heads that share a key-value head have the same values. For scores, nulls and the mask, pass `relative` to `attentionMaps`.
 *
 * Source: Kobayashi et al. 2020, "Attention is Not Only a Weight".
 *
 * @param weights `[batch, heads, queryLength, keyLength]` of this attention, before dropout
 * @param values `[batch, keyLength, numKvHeads × valueDim]`, the output of the value projection: record `valuesOf(name)`
 * @throws ShapeError when a shape contradicts the attention, or its output projection has no `weight` `[outFeatures, inFeatures]`
 * @throws DTypeError, DisposedError when an argument is not a live float32 tensor
 * @throws ValueError when `attention` is not a `MultiHeadAttention`
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { setBackend, tensor2d } from "@tensorflow/tfjs-core";
 * import { attentionsOf, normWeightedAttention, record, valuesOf } from "@tfblocks/analysis/models";
 * import { gpt2 } from "@tfblocks/transformer/models";
 *
 * await setBackend("cpu");
 * const model = gpt2({ vocabSize: 10, maxLength: 8, dModel: 12, numHeads: 3, numLayers: 2 });
 * const ids = tensor2d([[1, 2, 3]], [1, 3], "int32");
 * const sites = { value: valuesOf("layers.*.attention") };
 * const { result, values } = record(model, sites, (watched) => watched.hidden(ids, { needWeights: true }));
 * for (const [layer, { name, attention }] of attentionsOf(model).entries()) {
 *   const { norms } = await normWeightedAttention(attention, result.weights![layer]!, values.value[`${name}.value`]!);
 *   console.log(name, norms.length); // layers.0.attention 27, …: 3 heads, 3 queries, 3 keys
 * }
 * ```
 */
export async function normWeightedAttention(
  attention: MultiHeadAttention,
  weights: Tensor,
  values: Tensor,
): Promise<NormWeightedAttention> {
  const { numHeads, numKvHeads } = checkAttention("normWeightedAttention", attention);
  const { batch, heads, queryLength, keyLength, width } = checkShapes(
    "normWeightedAttention",
    { weights: [weights, "batch heads queryLength keyLength"], values: [values, "batch keyLength width"] },
    { heads: [numHeads, "the attention"], ...knownWidth(attention) },
  );
  const [probabilities, vectors, matrices] = await Promise.all([
    weights.data(),
    values.data(),
    headMatrices("normWeightedAttention", attention),
  ]);
  const valueNorms = new Float64Array(batch * heads * keyLength);
  for (const { head, kvHead, output } of matrices) {
    const gram = multiply(output, transpose(output)); // [valueDim, valueDim]
    for (let row = 0; row < batch * keyLength; row++) {
      const start = row * width + (kvHead * width) / numKvHeads;
      const at = (Math.floor(row / keyLength) * heads + head) * keyLength + (row % keyLength);
      valueNorms[at] = normThrough(gram, vectors.subarray(start, start + gram.rows) as Float32Array);
    }
  }
  const norms = Float64Array.from(probabilities, (weight, cell) => {
    const map = Math.floor(cell / (queryLength * keyLength));
    return Math.abs(weight) * valueNorms[map * keyLength + (cell % keyLength)]!;
  });
  return {
    metric: "normWeightedAttention",
    version: 1,
    shape: [batch, heads, queryLength, keyLength],
    norms: Array.from(norms),
    relative: normalizedRows(norms, keyLength),
    valueNorms: Array.from(valueNorms),
  };
}

function knownWidth({ value }: MultiHeadAttention): Record<string, [number, string]> {
  return value.outFeatures === undefined ? {} : { width: [value.outFeatures, "the value projection"] };
}

/** ‖v W‖ by the Gram matrix W Wᵀ. */
function normThrough({ rows, data }: Matrix, vector: ArrayLike<number>): number {
  let square = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < rows; column++) square += vector[row]! * vector[column]! * data[row * rows + column]!;
  }
  return Math.sqrt(Math.max(0, square)); // rounding may make it negative
}

/** Each row divided by its sum; rows of zeros stay as they are. */
export function normalizedRows(values: Float64Array, length: number): number[] {
  const sums = new Float64Array(values.length / Math.max(1, length));
  for (let cell = 0; cell < values.length; cell++) sums[Math.floor(cell / length)]! += values[cell]!;
  return Array.from(values, (value, cell) => value / (sums[Math.floor(cell / length)]! || 1));
}
