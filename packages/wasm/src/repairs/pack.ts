import { Concat, Pack, type PackAttrs, type TensorInfo } from "@tensorflow/tfjs-core";
import { stockKernel } from "../kernel-registry.js";
import type { FastKernel, KernelCall } from "../kernels/fast-kernel.js";

/** Tensors along a new axis, which tfjs's own keeps hold of when the heap cannot give the result. */
export const pack: FastKernel = {
  kernelName: Pack,
  run({ runtime, inputs, attrs: { axis } }: KernelCall<PackAttrs>) {
    const slices = Object.values(inputs).map(({ shape, ...each }) => ({ ...each, shape: shape.toSpliced(axis, 0, 1) }));
    return stockKernel(Concat)!.kernelFunc({ inputs: slices as never, attrs: { axis }, backend: runtime.backend }) as TensorInfo;
  },
};
