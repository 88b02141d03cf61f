import { backend_util, GatherNd, GatherV2, type GatherV2Attrs, type TensorInfo, util } from "@tensorflow/tfjs-core";
import { refuse, ShapeError } from "@tfblocks/tensor-utils";
import { checkEachRun } from "@tfblocks/tensor-utils/steps";
import type { FastKernel, KernelCall } from "../kernels/fast-kernel.js";
import type { Runtime } from "../runtime/runtime.js";
import { splitRows } from "../runtime/split-tasks.js";
import { checkIndices, rowNumbers } from "./row-numbers.js";
import { elementBytes, sizeOf } from "../sizes.js";
import { integersAt, newStrings, stringsOf } from "./strings.js";

/** Slices of x along an axis, with optional batch dimensions; rejects indices outside of x. */
export const gatherV2: FastKernel = {
  kernelName: GatherV2,
  run({ runtime, inputs, attrs }: KernelCall<GatherV2Attrs>) {
    const [x, indices] = [inputs["x"]!, inputs["indices"]!];
    const axis = util.parseAxisParam(attrs.axis, [...x.shape])[0]!;
    checkEachRun(() => checkIndices(runtime, "gather", "indices", indices, x.shape[axis]!, axis));
    const info = backend_util.segment_util.collectGatherOpShapeInfo(x as never, indices as never, axis, attrs.batchDims ?? 0);
    const { batchSize, outerSize, dimSize, sliceSize, outputShape } = info;
    const picks = batchSize === 0 ? 0 : sizeOf(indices.shape) / batchSize;
    const sizes = { batch: batchSize, outer: outerSize, length: dimSize, picks, slice: sliceSize };
    return gatherRows(runtime, x, runtime.address(indices), outputShape, sizes);
  },
};

/** Slices of params at coordinates; rejects coordinates outside of params. */
export const gatherNd: FastKernel = {
  kernelName: GatherNd,
  run({ runtime, inputs }: KernelCall) {
    const [params, indices] = [inputs["params"]!, inputs["indices"]!];
    const rank = indices.shape.at(-1) ?? 0;
    if (indices.shape.length === 0 || rank > params.shape.length) {
      const rule = `[..., at most ${params.shape.length} coordinates]`;
      refuse(ShapeError, "gatherND", "indices", rule, `[${indices.shape.join(", ")}]`);
    }
    const [outside, inside] = [indices.shape.slice(0, -1), params.shape.slice(rank)];
    const rows = rowNumbers(runtime, "gatherND", indices, params.shape, rank, sizeOf(outside));
    const sizes = { batch: 1, outer: 1, length: sizeOf(params.shape.slice(0, rank)), picks: rows.length, slice: sizeOf(inside) };
    return runtime.upload(rows, (address) => gatherRows(runtime, params, address, [...outside, ...inside], sizes));
  },
};

/** x: [batch, outer, length, slice]; indices: [batch, picks]; output: [batch, outer, picks, slice]. */
export interface GatherSizes {
  readonly batch: number;
  readonly outer: number;
  readonly length: number;
  readonly picks: number;
  readonly slice: number;
}

/** Gathers the slice of x that each index refers to. */
export function gatherRows(runtime: Runtime, x: TensorInfo, indices: number, shape: readonly number[], sizes: GatherSizes): TensorInfo {
  if (x.dtype === "string") return gatherStrings(runtime, x, indices, shape, sizes);
  const { batch, outer, length, picks, slice } = sizes;
  const output = runtime.output(shape, x.dtype);
  if (sizeOf(shape) === 0) return output;
  const rowBytes = slice * elementBytes(x.dtype);
  const { rowsPerTask, tasks } = splitRows(batch * outer * picks, rowBytes / 4 + 4);
  const [xAt, y] = [runtime.address(x), runtime.address(output)];
  runtime.run("gather", { x: xAt, indices, y, batch, outer, length, picks, rowBytes, rowsPerTask }, tasks);
  return output;
}

function gatherStrings(runtime: Runtime, x: TensorInfo, address: number, shape: readonly number[], sizes: GatherSizes): TensorInfo {
  const { batch, outer, length, picks, slice } = sizes;
  const strings = stringsOf(runtime, x);
  const indices = integersAt(runtime, address, batch * picks);
  const picked = Array.from({ length: batch * outer * picks }, (_, row) => {
    const group = Math.floor(row / picks);
    const start = (group * length + indices[Math.floor(group / outer) * picks + (row % picks)]!) * slice;
    return strings.slice(start, start + slice);
  });
  return newStrings(runtime, shape, picked.flat());
}
