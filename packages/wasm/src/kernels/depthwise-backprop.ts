import {
  add,
  backend_util,
  DepthwiseConv2dNativeBackpropFilter,
  type DepthwiseConv2dNativeBackpropFilterAttrs,
  DepthwiseConv2dNativeBackpropInput,
  type DepthwiseConv2dNativeBackpropInputAttrs,
  mul,
  reshape,
  slice,
  stack,
  sum,
  type Tensor,
  type Tensor4D,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import { scope } from "@tfblocks/tensor-utils";
import { putBack } from "../gradients/strided-slice.js";
import type { FastKernel, KernelCall } from "./fast-kernel.js";
import { type Convolution, padImage, seenBy, sightOf, tapsOf } from "./taps.js";

/** The gradient of a depthwise filter `[height, width, channels, multiplier]`: a sum over positions for each tap. */
export const depthwiseBackpropFilter: FastKernel = {
  kernelName: DepthwiseConv2dNativeBackpropFilter,
  run({ inputs, attrs }: KernelCall<DepthwiseConv2dNativeBackpropFilterAttrs>) {
    const [x, gradient] = [inputs["x"] as Tensor4D, inputs["dy"] as Tensor4D];
    const convolution = depthwise(x.shape, attrs.filterShape, attrs);
    return scope((): TensorInfo => gradientOfFilter(x, gradient, convolution));
  },
};

/** The gradient of the input of a depthwise filter: each tap adds the gradient of the pixels that it read. */
export const depthwiseBackpropInput: FastKernel = {
  kernelName: DepthwiseConv2dNativeBackpropInput,
  run({ inputs, attrs }: KernelCall<DepthwiseConv2dNativeBackpropInputAttrs>) {
    const [gradient, filter] = [inputs["dy"] as Tensor4D, inputs["filter"] as Tensor4D];
    const convolution = depthwise(attrs.inputShape, filter.shape, attrs);
    return scope((): TensorInfo => gradientOfInput(gradient, filter, convolution));
  },
};

type Shape4D = [number, number, number, number];
type DepthwiseAttrs = Omit<DepthwiseConv2dNativeBackpropFilterAttrs, "filterShape">;

function depthwise(shape: Shape4D, filterShape: Shape4D, { strides, dilations, pad, dimRoundingMode }: DepthwiseAttrs): Convolution {
  return backend_util.computeConv2DInfo(shape, filterShape, strides, dilations, pad, dimRoundingMode, true);
}

/** `[positions, channels, multiplier]`. */
function byChannel(gradient: Tensor4D, { inChannels, outChannels }: Convolution): Tensor {
  return reshape(gradient, [-1, inChannels, outChannels / inChannels]);
}

function gradientOfFilter(x: Tensor4D, gradient: Tensor4D, convolution: Convolution): Tensor {
  const padded = padImage(x, convolution);
  const outputs = byChannel(gradient, convolution);
  const taps = tapsOf(convolution).map((tap) =>
    sum(mul(reshape(seenBy(tap, padded, convolution), [-1, convolution.inChannels, 1]), outputs), 0),
  );
  return reshape(stack(taps), [convolution.filterHeight, convolution.filterWidth, ...taps[0]!.shape]);
}

function gradientOfInput(gradient: Tensor4D, filter: Tensor4D, convolution: Convolution): Tensor {
  const { batchSize, outHeight, outWidth, inChannels, inHeight, inWidth, padInfo } = convolution;
  const outputs = byChannel(gradient, convolution);
  const padded = [batchSize, inHeight + padInfo.top + padInfo.bottom, inWidth + padInfo.left + padInfo.right, inChannels];
  const shares = tapsOf(convolution).map((tap) => {
    const weights = reshape(slice(filter, [tap.row, tap.column, 0, 0], [1, 1, -1, -1]), [1, inChannels, -1]);
    const share = reshape(sum(mul(outputs, weights), 2), [batchSize, outHeight, outWidth, inChannels]);
    return putBack(share, padded, { ...sightOf(tap, convolution), ...noMasks });
  });
  return slice(
    shares.reduce((total, share) => add(total, share)),
    [0, padInfo.top, padInfo.left, 0],
    convolution.inShape,
  );
}

const noMasks = { beginMask: 0, endMask: 0, ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: 0 };
