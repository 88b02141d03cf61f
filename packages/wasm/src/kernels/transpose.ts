import { Transpose, type TransposeAttrs } from "@tensorflow/tfjs-core";
import { OUTER_DIMENSIONS, TRANSPOSE_STRIP, type TransposeArguments } from "../generated/kernel-arguments.js";
import type { Runtime } from "../runtime/runtime.js";
import type { KernelsWith } from "../runtime/kernel-function.js";
import { splitRows } from "../runtime/split-tasks.js";
import { sizeOf } from "../sizes.js";
import type { FastKernel, KernelCall } from "./fast-kernel.js";

/** A dimension of the output; strides count numbers. */
interface Dimension {
  readonly size: number;
  readonly from: number;
  readonly to: number;
}

export const transpose: FastKernel = {
  kernelName: Transpose,
  run({ runtime, inputs, stock, attrs: { perm } }: KernelCall<TransposeAttrs>) {
    const x = inputs["x"]!;
    const shape = perm.map((axis) => x.shape[axis]!);
    if (sizeOf(shape) === 0) return runtime.output(shape, x.dtype);
    const dimensions = mergedDimensions(x.shape, perm);
    if (dimensions.length < 2 || (x.dtype !== "float32" && x.dtype !== "int32")) return stock();
    const plan = planOf(dimensions);
    if (plan.outer.length > OUTER_DIMENSIONS) return stock();
    const output = runtime.output(shape, x.dtype);
    runPlan(runtime, plan, runtime.address(x), runtime.address(output));
    return output;
  },
};

/** The dimensions of the output without those of size 1; adjacent dimensions that stay adjacent are merged. */
function mergedDimensions(shape: readonly number[], perm: readonly number[]): Dimension[] {
  const strides = stridesOf(shape);
  const merged: Dimension[] = [];
  let to = 1;
  for (const axis of perm.toReversed()) {
    const size = shape[axis]!;
    const inner = merged[0];
    if (size === 1) continue;
    if (inner !== undefined && strides[axis] === inner.from * inner.size) merged[0] = { ...inner, size: inner.size * size };
    else merged.unshift({ size, from: strides[axis]!, to });
    to *= size;
  }
  return merged;
}

function stridesOf(shape: readonly number[]): number[] {
  return shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
}

interface Plan {
  readonly kernel: KernelsWith<TransposeArguments>;
  readonly outer: readonly Dimension[];
  readonly across: Dimension;
  readonly along: Dimension;
  readonly units: number;
  readonly unitSize: number;
}

function planOf(dimensions: readonly Dimension[]): Plan {
  const across = dimensions.at(-1)!;
  const along = dimensions.find(({ from }) => from === 1)!;
  const outer = dimensions.filter((each) => each !== across && each !== along);
  const outerSize = sizeOf(outer.map(({ size }) => size));
  if (across === along) return { kernel: "copyRows", outer, across, along, units: outerSize, unitSize: along.size };
  const units = outerSize * Math.ceil(along.size / TRANSPOSE_STRIP);
  return { kernel: "swapDimensions", outer, across, along, units, unitSize: TRANSPOSE_STRIP * across.size };
}

function runPlan(runtime: Runtime, { kernel, outer, across, along, units, unitSize }: Plan, x: number, y: number): void {
  const { rowsPerTask, tasks } = splitRows(units, unitSize);
  const padding = Array.from({ length: OUTER_DIMENSIONS - outer.length }, () => ({ size: 1, from: 0, to: 0 }));
  const slots = [...padding, ...outer];
  const args: TransposeArguments = {
    x,
    y,
    across: across.size,
    acrossStride: across.from,
    along: along.size,
    alongStride: along.to,
    unitsPerTask: rowsPerTask,
    units,
    sizes: slots.map(({ size }) => size),
    xStrides: slots.map(({ from }) => from),
    yStrides: slots.map(({ to }) => to),
  };
  runtime.run(kernel, args, tasks);
}
