import {
  type DataType,
  scatter_util,
  ScatterNd,
  type ScatterNdAttrs,
  SparseToDense,
  type SparseToDenseAttrs,
  type TensorInfo,
  TensorScatterUpdate,
} from "@tensorflow/tfjs-core";
import type { FastKernel, KernelCall } from "../kernels/fast-kernel.js";
import type { ScatterArguments } from "../generated/kernel-arguments.js";
import type { Runtime } from "../runtime/runtime.js";
import type { KernelsWith } from "../runtime/kernel-function.js";
import { splitRows } from "../runtime/split-tasks.js";
import { rowNumbers } from "./row-numbers.js";
import { sizeOf } from "../sizes.js";
import { newStrings, stringsOf } from "./strings.js";

type ScatterKernel = KernelsWith<ScatterArguments>;

const adding: Partial<Record<DataType, ScatterKernel>> = {
  float32: "scatterAddFloat",
  int32: "scatterAddInt",
  bool: "scatterAddByte",
};
const replacing: Partial<Record<DataType, ScatterKernel>> = {
  float32: "scatterReplaceWord",
  int32: "scatterReplaceWord",
  bool: "scatterReplaceByte",
};

/** Zeros, to which each update is added at its slice; rejects coordinates outside the shape. */
export const scatterNd: FastKernel = {
  kernelName: ScatterNd,
  run({ runtime, inputs, attrs: { shape }, stock }: KernelCall<ScatterNdAttrs>) {
    const [indices, updates] = [inputs["indices"]!, inputs["updates"]!];
    const kernel = adding[updates.dtype];
    if (kernel === undefined) return stock();
    const plan = { operation: "scatterND", kernel, indices, updates, updateIsOne: false, baseIsOne: true, shape };
    return runtime.upload(new Uint8Array(4), (zero) => scatter(runtime, zero, plan));
  },
};

/** A tensor with some slices replaced, each by its last update; rejects coordinates outside the tensor. */
export const tensorScatterUpdate: FastKernel = {
  kernelName: TensorScatterUpdate,
  run({ runtime, inputs, stock }: KernelCall) {
    const [tensor, indices, updates] = [inputs["tensor"]!, inputs["indices"]!, inputs["updates"]!];
    const kernel = replacing[updates.dtype];
    if (kernel === undefined || tensor.dtype !== updates.dtype) return stock();
    const { shape } = tensor;
    const plan = { operation: "tensorScatterUpdate", kernel, indices, updates, updateIsOne: false, baseIsOne: false, shape };
    return scatter(runtime, runtime.address(tensor), plan);
  },
};

/** Values at coordinates, the default value elsewhere; rejects coordinates outside the shape. */
export const sparseToDense: FastKernel = {
  kernelName: SparseToDense,
  run({ runtime, inputs, attrs: { outputShape: shape }, stock }: KernelCall<SparseToDenseAttrs>) {
    const [indices, updates, base] = [inputs["sparseIndices"]!, inputs["sparseValues"]!, inputs["defaultValue"]!];
    const updateIsOne = updates.shape.length === 0;
    if (updates.dtype === "string") return scatterStrings(runtime, indices, updates, base, shape);
    const kernel = replacing[updates.dtype];
    if (kernel === undefined || base.dtype !== updates.dtype) return stock();
    const plan = { operation: "sparseToDense", kernel, indices, updates, updateIsOne, baseIsOne: true, shape };
    return scatter(runtime, runtime.address(base), plan);
  },
};

interface Scatter {
  readonly operation: string;
  readonly kernel: ScatterKernel;
  readonly indices: TensorInfo;
  readonly updates: TensorInfo;
  /** Whether `updates` is one number for all positions. */
  readonly updateIsOne: boolean;
  /** Whether `base` is one number for all positions without an update. */
  readonly baseIsOne: boolean;
  readonly shape: readonly number[];
}

const columnsPerUnit = 16;

function scatter(runtime: Runtime, base: number, plan: Scatter): TensorInfo {
  const { operation, kernel, indices, updates, updateIsOne, baseIsOne, shape } = plan;
  const { sliceRank, numUpdates, sliceSize } = scatter_util.calculateShapes(updates, indices, [...shape]);
  if (sizeOf(shape) === 0) return runtime.output(shape, updates.dtype);
  const targets = rowNumbers(runtime, operation, indices, shape, sliceRank, numUpdates);
  const rows = sizeOf(shape.slice(0, sliceRank));
  const units = splitRows(Math.ceil(sliceSize / columnsPerUnit), columnsPerUnit * (rows + numUpdates));
  const columnsPerTask = units.rowsPerTask * columnsPerUnit;
  return runtime.upload(targets, (address) => {
    const output = runtime.output(shape, updates.dtype);
    const tensors = { y: runtime.address(output), base, updates: runtime.address(updates), indices: address };
    const flags = { baseIsOne: Number(baseIsOne), updateIsOne: Number(updateIsOne) };
    runtime.run(kernel, { ...tensors, ...flags, rows, columns: sliceSize, count: numUpdates, columnsPerTask }, units.tasks);
    return output;
  });
}

function scatterStrings(
  runtime: Runtime,
  indices: TensorInfo,
  updates: TensorInfo,
  base: TensorInfo,
  shape: readonly number[],
): TensorInfo {
  const { sliceRank, numUpdates } = scatter_util.calculateShapes(updates, indices, [...shape]);
  const [filler, strings] = [stringsOf(runtime, base)[0]!, stringsOf(runtime, updates)];
  const dense = Array.from({ length: sizeOf(shape) }, () => filler);
  rowNumbers(runtime, "sparseToDense", indices, shape, sliceRank, numUpdates).forEach((row, at) => {
    dense[row] = strings[updates.shape.length === 0 ? 0 : at]!;
  });
  return newStrings(runtime, shape, dense);
}
