import {
  ArgMax,
  type ArgMaxAttrs,
  ArgMin,
  AvgPool,
  backend_util,
  Conv2D,
  DepthwiseConv2dNative,
  FusedConv2D,
  FusedDepthwiseConv2D,
  MaxPool,
  type MaxPoolAttrs,
  MirrorPad,
  TopK,
  type TopKAttrs,
} from "@tensorflow/tfjs-core";
import { refuse, ShapeError } from "@tfblocks/tensor-utils";
import type { FastKernel, KernelCall } from "../kernels/fast-kernel.js";
import { sizeOf } from "../sizes.js";
import { shared } from "./cast.js";

/** The place of an extreme: none along an axis without numbers, as in PyTorch, where tfjs divides by zero. */
function argExtreme(kernelName: string, operation: string): FastKernel {
  return {
    kernelName,
    takes: ({ x }) => sizeOf(x!.shape) === 0,
    run({ runtime, inputs, attrs }: KernelCall<ArgMaxAttrs>) {
      const { shape } = inputs["x"]!;
      const axis = attrs.axis < 0 ? attrs.axis + shape.length : attrs.axis;
      if (shape[axis] === 0) refuse(ShapeError, operation, "x", `of at least one number along axis ${axis}`, `[${shape.join(", ")}]`);
      return runtime.output(
        shape.filter((_, at) => at !== axis),
        "int32",
      );
    },
  };
}

/** The largest numbers of each row: empty for k = 0, and for no rows. */
const topK: FastKernel = {
  kernelName: TopK,
  takes: ({ x }, { k }: TopKAttrs) => k === 0 || sizeOf(x!.shape) === 0,
  run({ runtime, inputs, attrs: { k }, stock }: KernelCall<TopKAttrs>) {
    const { shape, dtype } = inputs["x"]!;
    const output = [...shape.slice(0, -1), k];
    return sizeOf(output) === 0 && k <= shape.at(-1)! ? [runtime.output(output, dtype), runtime.output(output, "int32")] : stock();
  },
};

/** Convolutions of images without channels, of which tfjs leaves the output unwritten, or divides by zero. */
const convolutions = [Conv2D, DepthwiseConv2dNative, FusedConv2D, FusedDepthwiseConv2D].map((kernelName): FastKernel => ({
  kernelName,
  takes: ({ x }) => x!.shape.at(-1) === 0,
  run: ({ inputs }: KernelCall) =>
    refuse(ShapeError, kernelName, "x", "[batch, height, width, channels] with channels >= 1", `[${inputs["x"]!.shape.join(", ")}]`),
}));

/** Pools of no pixels, for which XNNPACK warns. */
const pools = [AvgPool, MaxPool].map((kernelName): FastKernel => ({
  kernelName,
  takes: ({ x }) => sizeOf(x!.shape) === 0,
  run({ runtime, inputs, attrs: { filterSize, strides, pad, dimRoundingMode }, stock }: KernelCall<MaxPoolAttrs>) {
    const { shape } = inputs["x"]!;
    const { outShape } = backend_util.computePool2DInfo(
      shape as [number, number, number, number],
      filterSize,
      strides,
      1,
      pad,
      dimRoundingMode,
    );
    return sizeOf(outShape) === 0 ? runtime.output(outShape) : stock();
  },
}));

/** A number has no axis to pad. */
const mirrorPad: FastKernel = {
  kernelName: MirrorPad,
  takes: ({ x }) => x!.shape.length === 0,
  run: ({ runtime, inputs }: KernelCall) => shared(runtime, inputs["x"]!),
};

/** Kernels that trap, or leave their output unwritten, where a dimension is empty or there is none. */
export const emptyShapes: readonly FastKernel[] = [
  argExtreme(ArgMax, "argMax"),
  argExtreme(ArgMin, "argMin"),
  topK,
  ...convolutions,
  ...pools,
  mirrorPad,
];
