import { broadcast_util, type TensorInfo } from "@tensorflow/tfjs-core";
import { type KernelFunction, type Runtime, splitRows } from "../runtime/runtime.js";
import { sizeOf } from "../sizes.js";

/** Dimensions that a call has room for, beside the innermost. */
const outerDimensions = 5;

/** A function of the numbers of two tensors, which broadcast to each other. */
export function runBroadcast(runtime: Runtime, kernel: KernelFunction, a: TensorInfo, b: TensorInfo): TensorInfo {
  const shape = broadcast_util.assertAndGetBroadcastShape([...a.shape], [...b.shape]);
  const output = runtime.output(shape, a.dtype);
  if (sizeOf(shape) === 0) return output;
  const dimensions = mergeDimensions(shape, stridesOver(shape, a.shape), stridesOver(shape, b.shape));
  const innermost = dimensions.pop()!;
  const rows = dimensions.reduce((product, { length }) => product * length, 1);
  const { rowsPerTask, tasks } = splitRows(rows, innermost.length);
  const padded = [...Array.from({ length: outerDimensions - dimensions.length }, () => scalar), ...dimensions];
  const addresses = [a, b, output].map((each) => runtime.address(each));
  const words = [...addresses, rows, innermost.length, innermost.aStride, innermost.bStride, rowsPerTask];
  const places = (["length", "aStride", "bStride"] as const).flatMap((name) => padded.map((dimension) => dimension[name]));
  runtime.run(kernel, [...words, ...places], tasks);
  return output;
}

/** A dimension of the output, and how far a and b move along it; 0 where they stay. */
interface Dimension {
  readonly length: number;
  readonly aStride: number;
  readonly bStride: number;
}

const scalar: Dimension = { length: 1, aStride: 0, bStride: 0 };

function stridesOver(shape: readonly number[], own: readonly number[]): number[] {
  const missing = shape.length - own.length;
  return shape.map((_, axis) => ((own[axis - missing] ?? 1) === 1 ? 0 : sizeOf(own.slice(axis - missing + 1))));
}

/** Dimensions of 1 left out, and those that both walk through as one put together; at least one. */
function mergeDimensions(shape: readonly number[], aStrides: readonly number[], bStrides: readonly number[]): Dimension[] {
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
