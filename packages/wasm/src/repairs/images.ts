import { backend_util, Dilation2D, type Dilation2DAttrs, Dilation2DBackpropFilter, Dilation2DBackpropInput } from "@tensorflow/tfjs-core";
import type { FastKernel, KernelCall } from "../kernels/fast-kernel.js";
import { type HeapArray, numbersOf } from "./spread.js";

type Dilation = ReturnType<typeof backend_util.computeDilation2DInfo>;

function dilationOf({ inputs, attrs: { strides, pad, dilations } }: KernelCall<Dilation2DAttrs>): Dilation {
  return backend_util.computeDilation2DInfo(inputs["x"]!.shape as never, inputs["filter"]!.shape as never, strides, pad, "NHWC", dilations);
}

/** The largest sum of a pixel and the filter `[height, width, channels]` around each place; tfjs gives 1e-38 where it is negative. */
const dilation2d: FastKernel = {
  kernelName: Dilation2D,
  run(call: KernelCall<Dilation2DAttrs>) {
    const { runtime, inputs } = call;
    const info = dilationOf(call);
    const output = runtime.output(info.outShape);
    const to = numbersOf(runtime, output);
    forEachMaximum(info, numbersOf(runtime, inputs["x"]!), numbersOf(runtime, inputs["filter"]!), (at, largest) => {
      to[at] = largest;
    });
    return output;
  },
};

/** The gradient of each place belongs to the pixel and the weight of its largest sum. */
function dilationGrad(kernelName: string, of: "x" | "filter"): FastKernel {
  return {
    kernelName,
    run(call: KernelCall<Dilation2DAttrs>) {
      const { runtime, inputs } = call;
      const output = runtime.output(inputs[of]!.shape);
      const to = numbersOf(runtime, output).fill(0);
      const gradient = numbersOf(runtime, inputs["dy"]!);
      forEachMaximum(dilationOf(call), numbersOf(runtime, inputs["x"]!), numbersOf(runtime, inputs["filter"]!), (at, _, pixel, weight) => {
        to[of === "x" ? pixel : weight]! += gradient[at]!;
      });
      return output;
    },
  };
}

type Visit = (at: number, largest: number, pixel: number, weight: number) => void;

function forEachMaximum(info: Dilation, pixels: HeapArray, weights: HeapArray, visit: Visit): void {
  const { inHeight, inWidth, inChannels, outHeight, outWidth, padInfo } = info;
  for (let at = 0; at < info.batchSize * outHeight * outWidth * inChannels; at++) {
    const place = Math.floor(at / inChannels);
    const left = (place % outWidth) * info.strideWidth - padInfo.left;
    const top = (Math.floor(place / outWidth) % outHeight) * info.strideHeight - padInfo.top;
    const image = Math.floor(place / outWidth / outHeight) * inHeight;
    let [largest, ofPixel, ofWeight] = [-Infinity, 0, 0];
    for (let tap = 0; tap < info.filterHeight * info.filterWidth; tap++) {
      const row = top + Math.floor(tap / info.filterWidth) * info.dilationHeight;
      const column = left + (tap % info.filterWidth) * info.dilationWidth;
      if (row < 0 || row >= inHeight || column < 0 || column >= inWidth) continue;
      const pixel = ((image + row) * inWidth + column) * inChannels + (at % inChannels);
      const weight = tap * inChannels + (at % inChannels);
      const sum = pixels[pixel]! + weights[weight]!;
      if (sum > largest) [largest, ofPixel, ofWeight] = [sum, pixel, weight];
    }
    visit(at, largest, ofPixel, ofWeight);
  }
}

/** Kernels of images that tfjs computes wrongly. */
export const images: readonly FastKernel[] = [
  dilation2d,
  dilationGrad(Dilation2DBackpropInput, "x"),
  dilationGrad(Dilation2DBackpropFilter, "filter"),
];
