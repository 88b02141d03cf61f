import { Pack, type PackAttrs } from "@tensorflow/tfjs-core";
import type { FastKernel, KernelCall } from "../kernels/fast-kernel.js";
import { concat } from "../kernels/join-and-split.js";

/** Stacks tensors along a new axis. The kernel of tfjs leaks its inputs when the result cannot be allocated. */
export const pack: FastKernel = {
  kernelName: Pack,
  run(call: KernelCall<PackAttrs>) {
    const { axis } = call.attrs;
    const slices = Object.values(call.inputs).map(({ shape, ...each }) => ({ ...each, shape: shape.toSpliced(axis, 0, 1) }));
    return concat.run({ ...call, inputs: slices as never, attrs: { axis } as never });
  },
};
