import {
  backend_util,
  Conv2DBackpropFilter,
  type Conv2DBackpropFilterAttrs,
  matMul,
  reshape,
  stack,
  type Tensor,
  type Tensor4D,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import { refuse, scope, ValueError } from "@tfblocks/tensor-utils";
import type { FastKernel, KernelCall } from "./fast-kernel.js";
import { type Convolution, padImage, seenBy, tapsOf } from "./taps.js";

/** The gradient of a convolution's filter `[height, width, inChannels, outChannels]`: a matrix product for each tap. */
export const conv2dBackpropFilter: FastKernel = {
  kernelName: Conv2DBackpropFilter,
  run({ runtime, inputs, attrs }: KernelCall<Conv2DBackpropFilterAttrs>) {
    const { dataFormat, filterShape, strides, pad, dimRoundingMode } = attrs;
    const [x, gradient] = [inputs["x"] as Tensor4D, inputs["dy"] as Tensor4D];
    if (dataFormat !== "NHWC") refuse(ValueError, "conv2dBackpropFilter", "dataFormat", '"NHWC"', dataFormat);
    const noDilation = 1; // tfjs has no gradient of dilated convolutions
    const convolution = backend_util.computeConv2DInfo(x.shape, filterShape, strides, noDilation, pad, dimRoundingMode);
    if (convolution.inChannels === 0) return runtime.output(filterShape);
    return scope((): TensorInfo => gradientOfFilter(x, gradient, convolution));
  },
};

function gradientOfFilter(x: Tensor4D, gradient: Tensor4D, convolution: Convolution): Tensor {
  const padded = padImage(x, convolution);
  const outputs = reshape(gradient, [-1, convolution.outChannels]); // [batch × outHeight × outWidth, outChannels]
  const taps = tapsOf(convolution).map((tap) =>
    matMul(reshape(seenBy(tap, padded, convolution), [-1, convolution.inChannels]), outputs, true, false),
  );
  return reshape(stack(taps), convolution.filterShape);
}
