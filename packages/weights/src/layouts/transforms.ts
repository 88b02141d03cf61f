import { concat, reshape, slice, type Tensor } from "@tensorflow/tfjs-core";
import { own, permute } from "@tfblocks/tensor-utils";

/** A rearrangement of elements in both directions, which changes no number. */
export interface Transform {
  /** For each of ours the rows of theirs that it has, in order; absent where a row does not stay whole. @param count of their rows */
  readonly rows?: (count: number, context: TransformContext) => readonly (readonly number[])[];
  /** The shapes of our tensors from the shape of theirs; undefined when the transform does not fit. */
  readonly oursShapes: (theirs: readonly number[], context: TransformContext) => readonly (readonly number[])[] | undefined;
  readonly split: (theirs: Tensor, context: TransformContext) => Tensor[];
  readonly join: (ours: readonly Tensor[], context: TransformContext) => Tensor;
}

/** What a transform needs beside the tensors. */
export interface TransformContext {
  readonly parts: number;
  readonly numHeads: number | undefined;
  /** Default numHeads. */
  readonly numKvHeads: number | undefined;
}

/** `[in, out]` to `[out, in]`, for GPT-2's Conv1D. */
const transposed: Transform = {
  oursShapes: (theirs) => (theirs.length === 2 ? [theirs.toReversed()] : undefined),
  split: (theirs) => [permute(theirs, [1, 0])],
  join: ([ours]) => permute(ours!, [1, 0]),
};

/** Equal parts along the first dimension: `[3 · out, ...]` to three of `[out, ...]`. */
const stacked: Transform = {
  rows: (count, { parts }) => dividedRows(count, equal(parts)),
  oursShapes: (theirs, { parts }) => divided(theirs, equal(parts)),
  split: (theirs, { parts }) => partsOf(theirs, equal(parts)),
  join: (ours) => concat([...ours]),
};

/** Equal parts along the last dimension, transposed: `[in, 3 · out]` to three of `[out, in]`. */
const transposedStacked: Transform = {
  oursShapes: (theirs, { parts }) => (theirs.length === 2 ? divided(theirs.toReversed(), equal(parts)) : undefined),
  split: (theirs, { parts }) => partsOf(permute(theirs, [1, 0]), equal(parts)),
  join: (ours) => permute(concat([...ours]), [1, 0]),
};

/** Rows grouped by head, then by part: `[numHeads · 3 · headDim, ...]` to three of `[numHeads · headDim, ...]`. */
const interleavedByHead: Transform = {
  rows: (count, { parts, numHeads = NaN }) => {
    const headDim = count / numHeads / parts;
    const heads = (part: number) => numbered(0, numHeads).flatMap((head) => numbered((head * parts + part) * headDim, headDim));
    return numbered(0, parts).map(heads);
  },
  oursShapes: (theirs, { parts, numHeads }) =>
    numHeads !== undefined && theirs[0]! % (parts * numHeads) === 0 ? divided(theirs, equal(parts)) : undefined,
  split: (theirs, context) => {
    const [rows, columns, heads] = sizesOf(theirs, context);
    const byPart = permute(reshape(theirs, [heads, context.parts, rows / heads / context.parts, columns]), [1, 0, 2, 3]);
    return partsOf(reshape(byPart, theirs.shape), equal(context.parts));
  },
  join: (ours, context) => {
    const stack = concat([...ours]);
    const [rows, columns, heads] = sizesOf(stack, context);
    const byHead = permute(reshape(stack, [context.parts, heads, rows / heads / context.parts, columns]), [1, 0, 2, 3]);
    return reshape(byHead, stack.shape);
  },
};

/**
 * Queries, keys and values one after another, as many rows as they have heads: `[(numHeads + 2 · numKvHeads) · headDim, ...]` to
 * `[numHeads · headDim, ...]` and two of `[numKvHeads · headDim, ...]`.
 */
const stackedByHeads: Transform = {
  rows: (count, context) => dividedRows(count, headCounts(context)),
  oursShapes: (theirs, context) => divided(theirs, headCounts(context)),
  split: (theirs, context) => partsOf(theirs, headCounts(context)),
  join: (ours) => concat([...ours]),
};

/** The tensor as it is. */
const same: Transform = {
  rows: (count) => [numbered(0, count)],
  oursShapes: (theirs) => [theirs],
  split: (theirs) => [own(theirs)],
  join: ([ours]) => own(ours!),
};

/** The name of a transform. */
export type TransformName = "same" | "transposed" | "stacked" | "stackedByHeads" | "transposedStacked" | "interleavedByHead";

/** The transforms that a rule may name. */
export const transforms: Readonly<Record<TransformName, Transform>> = {
  same,
  transposed,
  stacked,
  stackedByHeads,
  transposedStacked,
  interleavedByHead,
};

/** The transforms that need `numHeads`. */
export const byHeads: ReadonlySet<TransformName | undefined> = new Set(["stackedByHeads", "interleavedByHead"]);

/** Shares of parts that are equally long. */
function equal(parts: number): readonly number[] {
  return Array.from({ length: parts }, () => 1);
}

/** Shares of queries, keys and values. */
function headCounts({ numHeads = NaN, numKvHeads = numHeads }: TransformContext): readonly number[] {
  return [numHeads, numKvHeads, numKvHeads];
}

/** The numbers of rows of parts by their shares; undefined when they are not integers. */
function rowsOf(rows: number, shares: readonly number[]): readonly number[] | undefined {
  const unit = rows / shares.reduce((sum, share) => sum + share, 0);
  return Number.isInteger(unit) ? shares.map((share) => share * unit) : undefined;
}

function dividedRows(count: number, shares: readonly number[]): number[][] {
  const sizes = rowsOf(count, shares)!;
  return sizes.map((size, part) => numbered(startOf(sizes, part), size));
}

function startOf(sizes: readonly number[], part: number): number {
  return sizes.slice(0, part).reduce((sum, size) => sum + size, 0);
}

/** from, from + 1, … */
function numbered(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, at) => from + at);
}

function divided([rows, ...rest]: readonly number[], shares: readonly number[]): readonly (readonly number[])[] | undefined {
  return rows === undefined ? undefined : rowsOf(rows, shares)?.map((each) => [each, ...rest]);
}

function partsOf(x: Tensor, shares: readonly number[]): Tensor[] {
  const [rows, ...rest] = x.shape as [number, ...number[]];
  const sizes = rowsOf(rows, shares)!;
  return sizes.map((size, part) => slice(x, [startOf(sizes, part), ...rest.map(() => 0)] as [number], [size, ...rest] as [number]));
}

function sizesOf(x: Tensor, { numHeads }: TransformContext): [rows: number, columns: number, heads: number] {
  return [x.shape[0]!, x.shape[1] ?? 1, numHeads!];
}
