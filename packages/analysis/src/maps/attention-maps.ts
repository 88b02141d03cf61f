import { checkInteger, checkOptions, describeValue, type OptionNames, refuse, ShapeError, ValueError } from "@tfblocks/tensor-utils";
import { allowedKeys, type AllowedKeys, type MapMask, type MapShape, type Positions } from "./allowed-keys.js";
import { type ExtraKey, splitLearnedKey } from "./extra-keys.js";
import { surveyRows } from "./survey-rows.js";

/** Attention weights with the mask that they were computed under: checked once, then read by every metric. */
export interface AttentionMaps extends Positions {
  readonly batch: number;
  readonly heads: number;
  readonly queryLength: number;
  readonly keyLength: number;
  /**
   * `[batch, heads, queryLength, keyLength]`: the array that was passed, borrowed and never changed; with a learned key, a
   * copy without its column.
   */
  readonly weights: ArrayLike<number>;
  /** `[batch|1, heads|1, queryLength, keyLength]`. */
  readonly allowed: AllowedKeys;
  /** `[batch, queryLength]`: 0 marks a padded query. */
  readonly queryKeep: Uint8Array;
  /** `[batch, heads, queryLength]`: how many keys each row may attend to, extra keys included. */
  readonly keyCounts: Int32Array;
  /**
   * `[batch, heads, queryLength]`: the float64 sum of each row over its allowed keys and extra keys; 0 for padded queries and
   * rows without a key.
   */
  readonly rowSums: Float64Array;
  /** The keys without a token: none, `learnedKey`, `sink`, or both in this order. */
  readonly extraKeys: readonly ExtraKey[];
  /** `[batch, heads, queryLength, extraKeys]`: the attention to each extra key; 0 for padded queries. */
  readonly extraWeights: Float64Array;
}

/** Options of {@link attentionMaps}. */
export interface AttentionMapsOptions {
  /** The mask that the weights were computed under; `null` when every key is allowed. */
  readonly mask: MapMask;
  /**
   * Which queries are not padding, non-zero = keep: `[queryLength]` or `[batch, queryLength]`; default all. Padded
   * queries are never read.
   */
  readonly queryKeep?: Uint8Array;
  /** Absolute position of the first query, for example the length of a key-value cache; default 0. */
  readonly queryOffset?: number;
  /** Absolute position of the first key; default 0. */
  readonly keyOffset?: number;
  /**
   * Whether the softmax had a sink logit in its denominator (`sink`, `learnedSink` and `addZeroAttn` of `@tfblocks/attention`);
   * default false. A row then sums to less than 1, and the rest is attention to the sink, an extra key.
   */
  readonly sink?: boolean;
  /**
   * Whether the last column of the weights is a key without a token, an extra key that the mask does not cover: `biasKey` of
   * `@tfblocks/attention`, or the column of PyTorch's `add_bias_kv` or `add_zero_attn`; default false. Weights and their
   * shape then have keyLength + 1 columns, the mask has keyLength. Of PyTorch's two columns leave out the second and set `sink`.
   */
  readonly learnedKey?: boolean;
  /** Precision of the softmax, which sets how far a row sum may be from 1: 1e-3 or, for `"bfloat16"`, 2⁻⁷; default `"float32"`. */
  readonly precision?: "float32" | "bfloat16";
}

export const mapOptionNames: OptionNames<AttentionMapsOptions> = {
  mask: true,
  queryKeep: true,
  queryOffset: true,
  keyOffset: true,
  sink: "flag",
  learnedKey: "flag",
  precision: true,
};

const tolerances: ReadonlyMap<unknown, number> = new Map([
  ["float32", 1e-3],
  ["bfloat16", 2 ** -7],
]);

/**
 * Attention maps from plain arrays, computed by any framework.
 *
 * Each row of a query that is not padding must be a distribution over its allowed keys, if it has any. Cells outside
 * the mask are never read, except that with a sink they must be 0. The arrays are borrowed: do not change them while the maps
 * are in use.
 *
 * An extra key (`sink`, `learnedKey`) is one more outcome of every row, so K, the number of keys of a row, counts it, even in
 * a row that the mask forbids. It has a share in entropy, diversity and confidence. It is at no position and of no class of
 * tokens, and weights are not renormalised over the tokens: attention to it is missing from every other score.
 *
 * @param weights `[batch, heads, queryLength, keyLength]`, row-major; after softmax, before dropout
 * @param shape the four sizes of the weights; with a learned key the last one is keyLength + 1
 * @throws ShapeError when the number of weights, the mask or `queryKeep` contradicts the sizes
 * @throws ValueError when the weights are not a flat array, a weight is negative or not finite, a row does not sum to 1 within the tolerance of `precision` or,
 *   with a sink, to at most 1 (the message names batch, head and row), weights with a sink are not 0 outside the mask, a size or
 *   offset is not an integer ≥ 0, the mask is not a {@link MapMask}, `precision` is another one, or an option is unknown
 */
export function attentionMaps(weights: ArrayLike<number>, shape: MapShape, options: AttentionMapsOptions): AttentionMaps {
  return buildMaps("attentionMaps", weights, shape, checkOptions("attentionMaps", options, mapOptionNames));
}

/** {@link attentionMaps} under the name of another operation, for options whose names are checked. */
export function buildMaps(operation: string, weights: ArrayLike<number>, shape: MapShape, options: AttentionMapsOptions): AttentionMaps {
  checkFlat(operation, weights);
  checkCount(operation, "weights", weights, shape);
  const { mask, queryOffset = 0, keyOffset = 0, sink = false, learnedKey = false } = options;
  checkInteger(operation, "queryOffset", queryOffset, 0);
  checkInteger(operation, "keyOffset", keyOffset, 0);
  const tolerance = toleranceOf(operation, options);
  const split = learnedKey ? splitLearnedKey(operation, weights, shape) : { tokens: weights, shape, learned: undefined };
  const [batch, heads, queryLength, keyLength] = split.shape;
  const extraKeys: ExtraKey[] = [...(learnedKey ? ["learnedKey" as const] : []), ...(sink ? ["sink" as const] : [])];
  const maps: AttentionMaps = {
    batch,
    heads,
    queryLength,
    keyLength,
    queryOffset,
    keyOffset,
    weights: split.tokens,
    allowed: allowedKeys(operation, mask, split.shape, { queryOffset, keyOffset }),
    queryKeep: keptQueries(operation, options.queryKeep, batch, queryLength),
    keyCounts: new Int32Array(batch * heads * queryLength),
    rowSums: new Float64Array(batch * heads * queryLength),
    extraKeys,
    extraWeights: new Float64Array(batch * heads * queryLength * extraKeys.length),
  };
  surveyRows(operation, maps, { learned: split.learned, tolerance });
  return maps;
}

function toleranceOf(operation: string, { precision = "float32" }: AttentionMapsOptions): number {
  const known = [...tolerances.keys()].map(describeValue).join(" or ");
  return tolerances.get(precision) ?? refuse(ValueError, operation, "precision", known, describeValue(precision));
}

/** @throws ValueError when the weights are a tensor or nested arrays */
function checkFlat(operation: string, weights: unknown): void {
  const isList = typeof (weights as ArrayLike<unknown> | undefined)?.length === "number";
  if (isList && !Array.isArray((weights as ArrayLike<unknown>)[0])) return;
  const advice = isList ? "pass weights.flat(3)" : "for a tensor, call await readAttention(weights, { mask })";
  refuse(ValueError, operation, "weights", "a flat array of numbers", isList ? "nested arrays" : describeValue(weights), advice);
}

/** Checks that an argument has one number for each cell. @throws ShapeError, ValueError when it has not, or a size is wrong */
export function checkCount(operation: string, argument: string, numbers: ArrayLike<number>, shape: MapShape): void {
  if (shape?.length !== 4) {
    const received = Array.isArray(shape) ? `[${shape.join(", ")}]` : describeValue(shape);
    refuse(ShapeError, operation, "shape", "[batch, heads, queryLength, keyLength]", received);
  }
  const count: unknown = numbers?.length;
  if (typeof count !== "number") {
    const advice = "pass await tensor.data()";
    refuse(ValueError, operation, argument, "an array of numbers", describeValue(numbers), advice);
  }
  for (const size of shape) checkInteger(operation, "shape", size, 0);
  const cells = shape.reduce((product, size) => product * size, 1);
  if (count !== cells) {
    refuse(ShapeError, operation, argument, `${cells} numbers for [${shape.join(", ")}]`, count);
  }
}

/** `[batch, queryLength]`: `queryKeep` of every sequence. @throws ShapeError when it has another size */
export function keptQueries(operation: string, keep: Uint8Array | undefined, batch: number, queryLength: number): Uint8Array {
  const all = batch * queryLength;
  if (keep === undefined) return new Uint8Array(all).fill(1);
  checkKeep(operation, keep);
  if (keep.length === all) return keep;
  if (keep.length === queryLength) return Uint8Array.from({ length: all }, (_, row) => keep[row % queryLength]!);
  return refuse(ShapeError, operation, "queryKeep", `[${queryLength}] or [${batch}, ${queryLength}]`, `${keep.length} cells`);
}

/** @throws ValueError when it is not a `Uint8Array`: `false` in a plain array would not count as padding */
export function checkKeep(operation: string, keep: unknown): void {
  if (keep instanceof Uint8Array) return;
  refuse(ValueError, operation, "queryKeep", "a Uint8Array, non-zero = keep", describeValue(keep), "pass Uint8Array.from(flags)");
}
