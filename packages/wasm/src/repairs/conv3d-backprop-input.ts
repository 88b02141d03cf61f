import { backend_util, Conv3DBackpropInputV2, type Conv3DBackpropInputV2Attrs } from "@tensorflow/tfjs-core";
import type { FastKernel, KernelCall } from "../kernels/fast-kernel.js";
import { type HeapArray, numbersOf } from "./spread.js";

type Convolution = ReturnType<typeof backend_util.computeConv3DInfo>;

/** The gradient of a volume `[batch, depth, height, width, channels]`; tfjs reads beyond its tensors. */
export const conv3dBackpropInput: FastKernel = {
  kernelName: Conv3DBackpropInputV2,
  run({ runtime, inputs, attrs: { inputShape, strides, pad } }: KernelCall<Conv3DBackpropInputV2Attrs>) {
    const [dy, filter] = [inputs["dy"]!, inputs["filter"]!];
    const info = backend_util.computeConv3DInfo(inputShape, filter.shape as Convolution["filterShape"], strides, 1, pad);
    const output = runtime.output(inputShape);
    addGradients(info, numbersOf(runtime, dy), numbersOf(runtime, filter), numbersOf(runtime, output).fill(0));
    return output;
  },
};

/** Adds the gradient of each place of the output, times the filter, to the voxels that it was computed from. */
function addGradients(info: Convolution, dy: HeapArray, filter: HeapArray, dx: HeapArray): void {
  const { outDepth, outHeight, outWidth, outChannels, padInfo, strideDepth, strideHeight, strideWidth } = info;
  for (let place = 0; place < info.batchSize * outDepth * outHeight * outWidth; place++) {
    const left = (place % outWidth) * strideWidth - padInfo.left;
    const top = (Math.floor(place / outWidth) % outHeight) * strideHeight - padInfo.top;
    const front = (Math.floor(place / outWidth / outHeight) % outDepth) * strideDepth - padInfo.front;
    const batch = Math.floor(place / outWidth / outHeight / outDepth);
    const gradients = dy.subarray(place * outChannels, (place + 1) * outChannels);
    forEachTap(info, [front, top, left], (voxel, tap) => {
      const to = (batch * info.inDepth * info.inHeight * info.inWidth + voxel) * info.inChannels;
      for (let channel = 0; channel < info.inChannels; channel++) {
        const weights = (tap * info.inChannels + channel) * outChannels;
        let sum = 0;
        for (let at = 0; at < outChannels; at++) sum += gradients[at]! * filter[weights + at]!;
        dx[to + channel]! += sum;
      }
    });
  }
}

/** Visits the voxels under the filter at a corner, and the number of the tap above each. */
function forEachTap(info: Convolution, corner: readonly [number, number, number], visit: (voxel: number, tap: number) => void): void {
  const { filterDepth, filterHeight, filterWidth, inDepth, inHeight, inWidth } = info;
  for (let tap = 0; tap < filterDepth * filterHeight * filterWidth; tap++) {
    const depth = corner[0] + Math.floor(tap / filterWidth / filterHeight);
    const row = corner[1] + (Math.floor(tap / filterWidth) % filterHeight);
    const column = corner[2] + (tap % filterWidth);
    if (depth < 0 || depth >= inDepth || row < 0 || row >= inHeight || column < 0 || column >= inWidth) continue;
    visit((depth * inHeight + row) * inWidth + column, tap);
  }
}
