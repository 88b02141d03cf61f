import type { FuzzTensor } from "../fuzz/fuzz-tensor.js";
import { type SweepCase, sweepTensor } from "./sweep-case.js";

const float = (shape: readonly number[], start = 0) => sweepTensor(shape, "float32", start);
const call = (kernelName: string, inputs: Readonly<Record<string, FuzzTensor>>, attrs: object): SweepCase => ({
  kernelName,
  inputs,
  attrs,
});
const filled = (shape: readonly number[], value: (at: number) => number): FuzzTensor => {
  const x = float(shape);
  return { ...x, values: Float32Array.from(x.values, (_, at) => value(at)) };
};

/** Pixels that all differ, because backends may choose any of several largest ones. */
const pixels = (shape: readonly number[]) => filled(shape, (at) => ((at * 37) % 101) / 7 - 7);

function pools(batch: number, channels: number): SweepCase[] {
  const [x, volume] = [pixels([batch, 4, 4, channels]), pixels([batch, 3, 4, 4, channels])];
  const [dy, dVolume] = [float([batch, 3, 3, channels]), float([batch, 2, 3, 3, channels])];
  const flat = { filterSize: 2, strides: 1, pad: "valid", dimRoundingMode: undefined };
  const deep = { ...flat, dataFormat: "NDHWC" };
  return [
    call("AvgPool", { x }, flat),
    call("MaxPool", { x }, flat),
    call("MaxPoolWithArgmax", { x }, { ...flat, includeBatchInIndex: false }),
    call("AvgPoolGrad", { dy, input: x }, flat),
    call("MaxPoolGrad", { dy, input: x, output: dy }, flat),
    call("AvgPool3D", { x: volume }, deep),
    call("MaxPool3D", { x: volume }, deep),
    call("AvgPool3DGrad", { dy: dVolume, input: volume }, deep),
    call("MaxPool3DGrad", { dy: dVolume, input: volume, output: dVolume }, deep),
  ];
}

function convolutions(batch: number, channels: number): SweepCase[] {
  const [x, volume] = [pixels([batch, 4, 4, channels]), pixels([batch, 3, 4, 4, channels])];
  const [filter, deepFilter, ridge] = [float([2, 2, channels, 3], 1), float([2, 2, 2, channels, 2]), float([2, 2, channels])];
  const [dy, dVolume] = [float([batch, 4, 4, 3]), float([batch, 3, 4, 4, 2])];
  const attrs = { strides: 1, pad: "same", dataFormat: "NHWC", dilations: 1, dimRoundingMode: undefined };
  const deep = { ...attrs, dataFormat: "NDHWC" };
  return [
    call("Conv2D", { x, filter }, attrs),
    call("Conv2DBackpropInput", { dy, filter }, { ...attrs, inputShape: x.shape }),
    call("Conv2DBackpropFilter", { x, dy }, { ...attrs, filterShape: filter.shape }),
    call("Conv3D", { x: volume, filter: deepFilter }, deep),
    call("Conv3DBackpropInputV2", { dy: dVolume, filter: deepFilter }, { ...deep, inputShape: volume.shape }),
    call("Conv3DBackpropFilterV2", { x: volume, dy: dVolume }, { ...deep, filterShape: deepFilter.shape }),
    call("DepthwiseConv2dNative", { x, filter: float([2, 2, channels, 2], 1) }, attrs),
    call("FusedConv2D", { x, filter, bias: float([3]) }, { ...attrs, activation: "relu" }),
    call(
      "FusedDepthwiseConv2D",
      { x, filter: float([2, 2, channels, 1], 1), bias: float([channels], 1) },
      { ...attrs, activation: "relu" },
    ),
    call("Dilation2D", { x, filter: ridge }, attrs),
    call("Dilation2DBackpropInput", { x, filter: ridge, dy: float(x.shape) }, attrs),
    call("Dilation2DBackpropFilter", { x, filter: ridge, dy: float(x.shape) }, attrs),
  ];
}

function pictures(batch: number, channels: number): SweepCase[] {
  const x = pixels([batch, 4, 4, channels]);
  const row = (start: number) => float([channels], start);
  const [norm, resize] = [{ varianceEpsilon: 0.01 }, { alignCorners: false, halfPixelCenters: false, size: [3, 5] }];
  const [dy, neighbours] = [float([batch, 3, 5, channels]), { depthRadius: 1, bias: 1, alpha: 1, beta: 0.5 }];
  const [none, blockShape] = [
    [
      [0, 0],
      [0, 0],
    ],
    [2, 2],
  ];
  const box = { boxes: filled([1, 4], (at) => Number(at > 1)), boxInd: { ...sweepTensor([1], "int32"), values: Int32Array.of(0) } };
  const transforms = filled([batch, 8], (at) => [1, 0, 1, 0, 1, 0, 0, 0][at % 8]!);
  return [
    call("FusedBatchNorm", { x, mean: row(1), variance: filled([channels], () => 2), offset: row(2), scale: row(3) }, norm),
    call("ResizeBilinear", { images: x }, resize),
    call("ResizeNearestNeighbor", { images: x }, resize),
    call("ResizeBilinearGrad", { images: x, dy }, resize),
    call("FlipLeftRight", { image: x }, {}),
    call("RotateWithOffset", { image: x }, { radians: 0.5, fillValue: 0, center: 0.5 }),
    call("LRN", { x }, neighbours),
    call("LRNGrad", { x, y: float(x.shape, 1), dy: float(x.shape, 2) }, neighbours),
    call("DepthToSpace", { x: float([batch, 2, 2, 4 * channels]) }, { blockSize: 2, dataFormat: "NHWC" }),
    call("SpaceToBatchND", { x }, { blockShape, paddings: none }),
    call("BatchToSpaceND", { x: float([4 * batch, 2, 2, channels]) }, { blockShape, crops: none }),
    call("CropAndResize", { image: x, ...box }, { cropSize: [2, 3], method: "bilinear", extrapolationValue: 0 }),
    // Of several images, the CPU backend transforms the first alone, and mixes their gradients.
    ...(batch > 1 ? [] : [call("ResizeNearestNeighborGrad", { images: x, dy }, resize)]),
    ...(batch > 1
      ? []
      : [
          call(
            "Transform",
            { image: x, transforms },
            { interpolation: "nearest", fillMode: "constant", fillValue: 0, outputShape: [4, 4] },
          ),
        ]),
  ];
}

/** Images and volumes, with empty batches and channels. */
export function imageSweep(): SweepCase[] {
  return [0, 1, 2].flatMap((batch) =>
    [0, 1, 3].flatMap((channels) => [...pools(batch, channels), ...convolutions(batch, channels), ...pictures(batch, channels)]),
  );
}
