import {
  checkInteger,
  checkObject,
  checkOptions,
  describeValue,
  type OptionNames,
  Random,
  refuse,
  ShapeError,
  ValueError,
} from "@tfblocks/tensor-utils";

/** Queries of one head, and the keys that they meet. The arrays are borrowed. */
export interface HeadVectors {
  /** `[rows, headDim]`, row-major. */
  readonly queries: ArrayLike<number>;
  /** `[numKeys, headDim]` for keys that all queries share, or `[rows, numKeys, headDim]`. */
  readonly keys: ArrayLike<number>;
  readonly headDim: number;
  readonly numKeys: number;
}

/** Sizes of {@link normalVectors}. */
export interface NormalVectorSizes {
  readonly headDim: number;
  /** Keys per query; default 16. */
  readonly numKeys?: number;
  /** Queries, each with keys of its own; default 1000. */
  readonly draws?: number;
  /** Default 0. */
  readonly seed?: number;
}

const sizeNames: OptionNames<NormalVectorSizes> = { headDim: true, numKeys: true, draws: true, seed: true };

/**
 * Queries, each with keys of its own, from N(0, 1), rounded to float32. Draws the query of a row, then its keys.
 *
 * @throws ValueError when `headDim` or `draws` is not an integer ≥ 1, `numKeys` not an integer ≥ 2, the seed not an integer
 *   ≥ 0, or a size is unknown
 */
export function normalVectors(sizes: NormalVectorSizes): HeadVectors {
  return drawVectors("normalVectors", checkOptions("normalVectors", sizes, sizeNames, "size"));
}

/** 1 GiB of float32. */
const mostNumbers = 2 ** 28;

/** {@link normalVectors} under the name of another operation, for sizes whose names are checked. */
export function drawVectors(operation: string, { headDim, numKeys = 16, draws = 1000, seed = 0 }: NormalVectorSizes): HeadVectors {
  checkInteger(operation, "headDim", headDim, 1);
  checkInteger(operation, "numKeys", numKeys, 2);
  checkInteger(operation, "draws", draws, 1);
  checkInteger(operation, "seed", seed, 0);
  const count = draws * (numKeys + 1) * headDim;
  if (count > mostNumbers) refuse(ValueError, operation, "draws · (numKeys + 1) · headDim", `at most ${mostNumbers} numbers`, count);
  const random = new Random(seed).split("scale");
  const queries = new Float32Array(draws * headDim);
  const keys = new Float32Array(draws * numKeys * headDim);
  for (let row = 0; row < draws; row++) {
    for (let at = row * headDim; at < (row + 1) * headDim; at++) queries[at] = random.normal();
    for (let at = row * numKeys * headDim; at < (row + 1) * numKeys * headDim; at++) keys[at] = random.normal();
  }
  return { queries, keys, headDim, numKeys };
}

/** {@link HeadVectors} that were checked, in float64. */
export interface CheckedVectors extends HeadVectors {
  readonly queries: Float64Array;
  readonly keys: Float64Array;
  readonly rows: number;
}

/** @throws ShapeError, ValueError when the vectors do not fit together or are not finite */
export function checkVectors(operation: string, vectors: HeadVectors): CheckedVectors {
  const { headDim, numKeys } = checkObject(operation, "vectors", vectors);
  checkInteger(operation, "headDim", headDim, 1);
  checkInteger(operation, "numKeys", numKeys, 0);
  const queries = finiteNumbers(operation, "queries", vectors.queries);
  const keys = finiteNumbers(operation, "keys", vectors.keys);
  const rows = queries.length / headDim;
  if (!Number.isInteger(rows)) refuse(ShapeError, operation, "queries", `a multiple of headDim = ${headDim} numbers`, queries.length);
  const shared = numKeys * headDim;
  if (keys.length === shared || keys.length === rows * shared) return { queries, keys, headDim, numKeys, rows };
  const expected = `${shared} numbers for [numKeys, headDim] or ${rows * shared} for [rows, numKeys, headDim]`;
  return refuse(ShapeError, operation, "keys", expected, keys.length);
}

/**
 * The first `headDim` numbers of every query and key, as `scalingTable` takes them for a narrow head.
 *
 * @throws ShapeError, ValueError when the vectors do not fit together or are not finite, or `headDim` is not an integer from 1
 *   to the width of the vectors
 */
export function narrowVectors(vectors: HeadVectors, headDim: number): HeadVectors {
  const checked = checkVectors("narrowVectors", vectors);
  checkInteger("narrowVectors", "headDim", headDim, 1, checked.headDim);
  return narrowed(checked, headDim);
}

/** {@link narrowVectors} of vectors and a width that were checked. */
export function narrowed(vectors: CheckedVectors, headDim: number): CheckedVectors {
  const { queries, keys, headDim: width } = vectors;
  if (headDim === width) return vectors;
  const narrow = (values: Float64Array): Float64Array => {
    const narrower = new Float64Array((values.length / width) * headDim);
    for (let at = 0; at * headDim < narrower.length; at++) narrower.set(vectorAt(values, at, width).subarray(0, headDim), at * headDim);
    return narrower;
  };
  return { ...vectors, queries: narrow(queries), keys: narrow(keys), headDim };
}

/** The keys of a row start at this key. */
export function firstKeyOf({ keys, headDim, numKeys }: HeadVectors, row: number): number {
  return keys.length === numKeys * headDim ? 0 : row * numKeys;
}

/** A view of one vector in an array of vectors. */
export function vectorAt(values: Float64Array, index: number, headDim: number): Float64Array {
  return values.subarray(index * headDim, (index + 1) * headDim);
}

function finiteNumbers(operation: string, argument: string, given: ArrayLike<number>): Float64Array {
  if (typeof given?.length !== "number") refuse(ValueError, operation, argument, "an array of numbers", describeValue(given));
  const values = new Float64Array(given);
  const bad = values.findIndex((x) => !Number.isFinite(x));
  if (bad !== -1) refuse(ValueError, operation, argument, "finite numbers", `${values[bad]} at index ${bad}`);
  return values;
}
