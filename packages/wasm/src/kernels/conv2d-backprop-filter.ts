import {
  backend_util,
  Conv2DBackpropFilter,
  type Conv2DBackpropFilterAttrs,
  matMul,
  pad,
  reshape,
  stack,
  stridedSlice,
  type Tensor,
  type Tensor4D,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import { refuse, scope, ValueError } from "@tfblocks/tensor-utils";
import type { FastKernel, KernelCall } from "./fast-kernel.js";

type Convolution = backend_util.Conv2DInfo;

/** The gradient of a convolution's filter `[height, width, inChannels, outChannels]`: for each tap a matrix product. */
export const conv2dBackpropFilter: FastKernel = {
  kernelName: Conv2DBackpropFilter,
  run({ inputs, attrs }: KernelCall<Conv2DBackpropFilterAttrs>) {
    const [x, gradient] = [inputs["x"] as Tensor4D, inputs["dy"] as Tensor4D];
    if (attrs.dataFormat !== "NHWC") refuse(ValueError, "conv2dBackpropFilter", "dataFormat", '"NHWC"', attrs.dataFormat);
    const convolution = backend_util.computeConv2DInfo(
      x.shape,
      attrs.filterShape,
      attrs.strides,
      1, // dilations: tfjs has no gradient of others
      attrs.pad,
      attrs.dimRoundingMode,
    );
    return scope((): TensorInfo => gradientOfFilter(x, gradient, convolution));
  },
};

function gradientOfFilter(x: Tensor4D, gradient: Tensor4D, convolution: Convolution): Tensor {
  const { filterHeight, filterWidth, inChannels, outChannels } = convolution;
  const padded = padImage(x, convolution);
  const outputs = reshape(gradient, [-1, outChannels]); // [batch × outHeight × outWidth, outChannels]
  const taps = Array.from({ length: filterHeight * filterWidth }, (_, tap) => {
    const seen = underTap(padded, Math.floor(tap / filterWidth), tap % filterWidth, convolution);
    return matMul(reshape(seen, [-1, inChannels]), outputs, true, false);
  });
  return reshape(stack(taps), convolution.filterShape);
}

function padImage(x: Tensor4D, { padInfo: { top, bottom, left, right } }: Convolution): Tensor4D {
  return pad(x, [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ]);
}

/** What a tap meets at every position of the output: `[batch, outHeight, outWidth, inChannels]`. */
function underTap(padded: Tensor4D, row: number, column: number, convolution: Convolution): Tensor {
  const { batchSize, inChannels, outHeight, outWidth, strideHeight, strideWidth } = convolution;
  const end = [batchSize, row + (outHeight - 1) * strideHeight + 1, column + (outWidth - 1) * strideWidth + 1, inChannels];
  return stridedSlice(padded, [0, row, column, 0], end, [1, strideHeight, strideWidth, 1]);
}
