import { broadcast_util, type TensorInfo } from "@tensorflow/tfjs-core";
import { type BroadcastArguments, OUTER_DIMENSIONS } from "../generated/kernel-arguments.js";
import type { Runtime } from "../runtime/runtime.js";
import type { KernelsWith } from "../runtime/kernel-function.js";
import { splitRows } from "../runtime/split-tasks.js";
import { sizeOf } from "../sizes.js";
import { withSpread } from "./spread.js";

/** Runs an elementwise function of two tensors that broadcast to each other. */
export function runBroadcast(runtime: Runtime, kernel: KernelsWith<BroadcastArguments>, a: TensorInfo, b: TensorInfo): TensorInfo {
  const shape = broadcast_util.assertAndGetBroadcastShape([...a.shape], [...b.shape]);
  if (sizeOf(shape) === 0) return runtime.output(shape, a.dtype);
  const dimensions = mergeDimensions(shape, stridesOver(shape, a.shape), stridesOver(shape, b.shape));
  if (dimensions.length > OUTER_DIMENSIONS + 1) return withSpread(runtime, [a, b], shape, ([x, y]) => runBroadcast(runtime, kernel, x, y));
  const output = runtime.output(shape, a.dtype);
  const innermost = dimensions.pop()!;
  const rows = dimensions.reduce((product, { length }) => product * length, 1);
  const { rowsPerTask, tasks } = splitRows(rows, innermost.length);
  const padded = [...Array.from({ length: OUTER_DIMENSIONS - dimensions.length }, () => scalar), ...dimensions];
  const args: BroadcastArguments = {
    a: runtime.address(a),
    b: runtime.address(b),
    y: runtime.address(output),
    rows,
    inner: innermost.length,
    aStep: innermost.aStride,
    bStep: innermost.bStride,
    rowsPerTask,
    lengths: padded.map(({ length }) => length),
    aStrides: padded.map(({ aStride }) => aStride),
    bStrides: padded.map(({ bStride }) => bStride),
  };
  runtime.run(kernel, args, tasks);
  return output;
}

/** A dimension of the output, and the strides of a and b along it; 0 where they broadcast. */
export interface Dimension {
  readonly length: number;
  readonly aStride: number;
  readonly bStride: number;
}

const scalar: Dimension = { length: 1, aStride: 0, bStride: 0 };

/** Elements from one position of `shape` to the next in a tensor that broadcasts to it; 0 where it does. */
export function stridesOver(shape: readonly number[], own: readonly number[]): number[] {
  const missing = shape.length - own.length;
  return shape.map((_, axis) => ((own[axis - missing] ?? 1) === 1 ? 0 : sizeOf(own.slice(axis - missing + 1))));
}

/** Leaves out dimensions of size 1 and merges those that are contiguous in both inputs; gives at least one dimension. */
export function mergeDimensions(shape: readonly number[], aStrides: readonly number[], bStrides: readonly number[]): Dimension[] {
  const merged: Dimension[] = [];
  shape.forEach((length, axis) => {
    const [aStride, bStride] = [aStrides[axis]!, bStrides[axis]!];
    const outer = merged.at(-1);
    if (length === 1) return;
    const together = outer !== undefined && outer.aStride === aStride * length && outer.bStride === bStride * length;
    if (together) merged.pop();
    merged.push({ length: together ? outer.length * length : length, aStride, bStride });
  });
  return merged.length === 0 ? [scalar] : merged;
}
