import {
  Add,
  broadcast_util,
  Multiply,
  PadV2,
  type PadV2Attrs,
  RealDiv,
  SquaredDifference,
  Sub,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import type { FastKernel, KernelCall } from "../kernels/fast-kernel.js";
import { sizeOf } from "../sizes.js";
import { type Dimension, mergeDimensions, stridesOver } from "./broadcast.js";
import { withSpread } from "./spread.js";

// Some kernels of tfjs leave their output unwritten above this rank, and print a warning.
const mostRank = 6;

/** The kernel of tfjs on the fewest dimensions that the call has, of which there are fewer than its rank. */
function ofHighRank(kernelName: string): FastKernel {
  return {
    kernelName,
    takes: ({ a, b }) => a!.shape.length > mostRank || b!.shape.length > mostRank,
    run({ runtime, inputs, stock }: KernelCall) {
      const [a, b] = [inputs["a"]!, inputs["b"]!];
      const shape = broadcast_util.assertAndGetBroadcastShape([...a.shape], [...b.shape]);
      if (sizeOf(shape) === 0) return runtime.output(shape, a.dtype);
      const dimensions = mergeDimensions(shape, stridesOver(shape, a.shape), stridesOver(shape, b.shape));
      const compute = (x: TensorInfo, y: TensorInfo) => ({ ...(stock({ a: x, b: y }) as TensorInfo), shape: [...shape] });
      if (dimensions.length <= mostRank) {
        return compute(ofShape(a, lengths(dimensions, "aStride")), ofShape(b, lengths(dimensions, "bStride")));
      }
      const flat = [sizeOf(shape)];
      return withSpread(runtime, [a, b], shape, ([x, y]) => compute(ofShape(x, flat), ofShape(y, flat)));
    },
  };
}

function lengths(dimensions: readonly Dimension[], stride: "aStride" | "bStride"): number[] {
  return dimensions.map((each) => (each[stride] === 0 ? 1 : each.length));
}

/** The same data in another shape. */
function ofShape({ dataId, dtype }: TensorInfo, shape: number[]): TensorInfo {
  return { dataId, dtype, shape };
}

/** x with numbers before and after it along each axis: in high ranks axis by axis, each as the middle one of three. */
const pad: FastKernel = {
  kernelName: PadV2,
  takes: ({ x }) => x!.shape.length > mostRank,
  run({ runtime, inputs, attrs, stock }: KernelCall<PadV2Attrs>) {
    const shape = [...inputs["x"]!.shape];
    let x = inputs["x"]!;
    attrs.paddings.forEach((padding, axis) => {
      const whole = [sizeOf(shape.slice(0, axis)), shape[axis]!, sizeOf(shape.slice(axis + 1))];
      const padded = stock({ x: ofShape(x, whole) }, { ...attrs, paddings: [[0, 0], padding, [0, 0]] }) as TensorInfo;
      if (x.dataId !== inputs["x"]!.dataId) runtime.release(x);
      shape[axis]! += padding[0] + padding[1];
      x = padded;
    });
    return { ...x, shape };
  },
};

/** Kernels that tfjs computes for ranks up to 6. */
export const highRanks: readonly FastKernel[] = [...[Add, Multiply, RealDiv, SquaredDifference, Sub].map(ofHighRank), pad];
