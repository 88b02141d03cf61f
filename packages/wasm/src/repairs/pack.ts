import { Pack, type PackAttrs } from "@tensorflow/tfjs-core";
import type { FastKernel, KernelCall } from "../kernels/fast-kernel.js";
import { concat } from "../kernels/join-and-split.js";

/** Tensors along a new axis, which tfjs's own keeps hold of when the heap cannot give the result. */
export const pack: FastKernel = {
  kernelName: Pack,
  run(call: KernelCall<PackAttrs>) {
    const { axis } = call.attrs;
    const slices = Object.values(call.inputs).map(({ shape, ...each }) => ({ ...each, shape: shape.toSpliced(axis, 0, 1) }));
    return concat.run({ ...call, inputs: slices as never, attrs: { axis } as never });
  },
};
