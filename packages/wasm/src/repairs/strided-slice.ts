import { slice_util, StridedSlice, type StridedSliceAttrs } from "@tensorflow/tfjs-core";
import type { FastKernel, KernelCall } from "../kernels/fast-kernel.js";
import { gatherRows } from "./gather.js";
import { sizeOf } from "../sizes.js";

/** Elements from begin to end with strides, which may be negative. */
export const stridedSlice: FastKernel = {
  kernelName: StridedSlice,
  run({ runtime, inputs, attrs }: KernelCall<StridedSliceAttrs>) {
    const x = inputs["x"]!;
    const masks = [attrs.beginMask, attrs.endMask, attrs.ellipsisMask, attrs.newAxisMask, attrs.shrinkAxisMask] as const;
    const { finalShape, begin, end, strides } = slice_util.sliceInfo([...x.shape], attrs.begin, attrs.end, attrs.strides, ...masks);
    const lengths = slice_util.computeOutShape(begin, end, strides);
    if (sizeOf(lengths) === 0) return runtime.output(finalShape, x.dtype);
    const walked = dimensionsBeforeWhole(x.shape, lengths, strides);
    const rows = rowsOf(x.shape.slice(0, walked), lengths, begin, strides);
    const sizes = {
      batch: 1,
      outer: 1,
      length: sizeOf(x.shape.slice(0, walked)),
      picks: rows.length,
      slice: sizeOf(x.shape.slice(walked)),
    };
    return runtime.upload(rows, (address) => gatherRows(runtime, x, address, finalShape, sizes));
  },
};

/** The number of leading dimensions, up to the last one that is not taken whole. */
function dimensionsBeforeWhole(shape: readonly number[], sizes: readonly number[], strides: readonly number[]): number {
  return shape.findLastIndex((length, axis) => sizes[axis] !== length || strides[axis] !== 1) + 1;
}

/** The number of each row that the slice takes from dimensions of these lengths. */
function rowsOf(lengths: readonly number[], sizes: readonly number[], begin: readonly number[], strides: readonly number[]): Int32Array {
  return lengths.reduce<Int32Array>((rows, length, axis) => {
    const taken = Array.from({ length: sizes[axis]! }, (_, at) => begin[axis]! + at * strides[axis]!);
    const next = new Int32Array(rows.length * taken.length);
    rows.forEach((row, at) =>
      next.set(
        taken.map((each) => row * length + each),
        at * taken.length,
      ),
    );
    return next;
  }, new Int32Array(1));
}
