import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Runtime } from "../runtime/runtime.js";
import { stridesOver } from "./broadcast.js";

/** Numbers of a tensor on the heap. */
export type HeapArray = Float32Array | Int32Array | Uint8Array;

/** A view of the numbers of a tensor, valid until the next allocation. */
export function numbersOf(runtime: Runtime, x: TensorInfo): HeapArray {
  return runtime.backend.typedArrayFromHeap(x) as HeapArray;
}

/** Calls a function with the positions in two tensors of each number of their common shape, in order; slow, for any rank. */
export function forEachPair(
  shape: readonly number[],
  a: readonly number[],
  b: readonly number[],
  body: (a: number, b: number, at: number) => void,
): void {
  const [aStrides, bStrides] = [stridesOver(shape, a), stridesOver(shape, b)];
  const size = shape.reduce((product, length) => product * length, 1);
  for (let at = 0; at < size; at++) {
    let [left, aAt, bAt] = [at, 0, 0];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const position = left % shape[axis]!;
      left = (left - position) / shape[axis]!;
      aAt += position * aStrides[axis]!;
      bAt += position * bStrides[axis]!;
    }
    body(aAt, bAt, at);
  }
}

/** Calls a function with copies of two tensors that are broadcast to a shape, and frees the copies. */
export function withSpread<Result>(
  runtime: Runtime,
  [a, b]: readonly [TensorInfo, TensorInfo],
  shape: readonly number[],
  body: (copies: readonly [TensorInfo, TensorInfo]) => Result,
): Result {
  const copies = [runtime.output(shape, a.dtype), runtime.output(shape, b.dtype)] as const;
  const [x, y, toX, toY] = [a, b, ...copies].map((each) => numbersOf(runtime, each)) as [HeapArray, HeapArray, HeapArray, HeapArray];
  forEachPair(shape, a.shape, b.shape, (aAt, bAt, at) => {
    toX[at] = x[aAt]!;
    toY[at] = y[bAt]!;
  });
  const result = body(copies);
  for (const copy of copies) runtime.release(copy);
  return result;
}
