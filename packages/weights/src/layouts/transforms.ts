import { concat, reshape, slice, type Tensor } from "@tensorflow/tfjs-core";
import { own, permute } from "@tfblocks/tensor-utils";

/** A rearrangement of elements in both directions, which changes no number. */
export interface Transform {
  /** The shape of each of our tensors from the shape of theirs; undefined when the transform does not fit. */
  readonly oursShape: (theirs: readonly number[], context: TransformContext) => readonly number[] | undefined;
  readonly split: (theirs: Tensor, context: TransformContext) => Tensor[];
  readonly join: (ours: readonly Tensor[], context: TransformContext) => Tensor;
}

/** What a transform needs beside the tensors. */
export interface TransformContext {
  readonly parts: number;
  readonly numHeads: number | undefined;
}

/** `[in, out]` to `[out, in]`, for GPT-2's Conv1D. */
const transposed: Transform = {
  oursShape: (theirs) => (theirs.length === 2 ? theirs.toReversed() : undefined),
  split: (theirs) => [permute(theirs, [1, 0])],
  join: ([ours]) => permute(ours!, [1, 0]),
};

/** Equal parts along the first dimension: `[3 · out, ...]` to three of `[out, ...]`. */
const stacked: Transform = {
  oursShape: (theirs, { parts }) => divided(theirs, parts),
  split: (theirs, { parts }) => equalParts(theirs, parts),
  join: (ours) => concat([...ours]),
};

/** Equal parts along the last dimension, transposed: `[in, 3 · out]` to three of `[out, in]`. */
const transposedStacked: Transform = {
  oursShape: (theirs, { parts }) => (theirs.length === 2 ? divided(theirs.toReversed(), parts) : undefined),
  split: (theirs, { parts }) => equalParts(permute(theirs, [1, 0]), parts),
  join: (ours) => permute(concat([...ours]), [1, 0]),
};

/** Rows grouped by head, then by part: `[numHeads · 3 · headDim, ...]` to three of `[numHeads · headDim, ...]`. */
const interleavedByHead: Transform = {
  oursShape: (theirs, { parts, numHeads }) =>
    numHeads !== undefined && theirs[0]! % (parts * numHeads) === 0 ? divided(theirs, parts) : undefined,
  split: (theirs, context) => {
    const [rows, columns, heads] = sizesOf(theirs, context);
    const byPart = permute(reshape(theirs, [heads, context.parts, rows / heads / context.parts, columns]), [1, 0, 2, 3]);
    return equalParts(reshape(byPart, theirs.shape), context.parts);
  },
  join: (ours, context) => {
    const stack = concat([...ours]);
    const [rows, columns, heads] = sizesOf(stack, context);
    const byHead = permute(reshape(stack, [context.parts, heads, rows / heads / context.parts, columns]), [1, 0, 2, 3]);
    return reshape(byHead, stack.shape);
  },
};

/** The tensor as it is. */
const same: Transform = { oursShape: (theirs) => theirs, split: (theirs) => [own(theirs)], join: ([ours]) => own(ours!) };

/** The name of a transform. */
export type TransformName = "same" | "transposed" | "stacked" | "transposedStacked" | "interleavedByHead";

/** The transforms that a rule may name. */
export const transforms: Readonly<Record<TransformName, Transform>> = { same, transposed, stacked, transposedStacked, interleavedByHead };

function divided([rows, ...rest]: readonly number[], parts: number): readonly number[] | undefined {
  return rows !== undefined && rows % parts === 0 ? [rows / parts, ...rest] : undefined;
}

function equalParts(x: Tensor, parts: number): Tensor[] {
  const [rows, ...rest] = x.shape as [number, ...number[]];
  const size = rows / parts;
  return Array.from({ length: parts }, (_, part) => slice(x, [part * size, ...rest.map(() => 0)] as [number], [size, ...rest] as [number]));
}

function sizesOf(x: Tensor, { numHeads }: TransformContext): [rows: number, columns: number, heads: number] {
  return [x.shape[0]!, x.shape[1] ?? 1, numHeads!];
}
