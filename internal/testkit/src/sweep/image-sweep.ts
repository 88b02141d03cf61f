import type { FuzzTensor } from "../fuzz/fuzz-tensor.js";
import { type SweepCase, sweepTensor } from "./sweep-case.js";

const pooling = { filterSize: 2, strides: 1, pad: "valid", dimRoundingMode: undefined };
const convolution = { strides: 1, pad: "same", dataFormat: "NHWC", dilations: 1, dimRoundingMode: undefined };
const float = (shape: readonly number[], start = 0) => sweepTensor(shape, "float32", start);

/** Pixels that all differ, because backends may choose any of several largest ones. */
function pixels(shape: readonly number[]): FuzzTensor {
  const x = float(shape);
  return { ...x, values: Float32Array.from(x.values, (_, at) => ((at * 37) % 101) / 7 - 7) };
}

/** Images `[batch, 4, 4, channels]`. */
function ofImages(batch: number, channels: number): SweepCase[] {
  const x = pixels([batch, 4, 4, channels]);
  const filter = float([2, 2, channels, 3], 1);
  const volume = pixels([batch, 3, 4, 4, channels]);
  const volumes = { filterSize: 2, strides: 1, pad: "valid", dataFormat: "NDHWC", dimRoundingMode: undefined };
  const resize = { alignCorners: false, halfPixelCenters: false, size: [3, 5] };
  const norm = (start: number) => float([channels], start);
  return [
    { kernelName: "AvgPool", inputs: { x }, attrs: pooling },
    { kernelName: "MaxPool", inputs: { x }, attrs: pooling },
    { kernelName: "MaxPoolWithArgmax", inputs: { x }, attrs: { ...pooling, includeBatchInIndex: false } },
    { kernelName: "AvgPoolGrad", inputs: { dy: float([batch, 3, 3, channels]), input: x }, attrs: pooling },
    { kernelName: "MaxPoolGrad", inputs: { dy: float([batch, 3, 3, channels]), input: x, output: float([batch, 3, 3, channels]) }, attrs: pooling },
    { kernelName: "AvgPool3DGrad", inputs: { dy: float([batch, 2, 3, 3, channels]), input: volume }, attrs: volumes },
    { kernelName: "MaxPool3DGrad", inputs: { dy: float([batch, 2, 3, 3, channels]), input: volume, output: float([batch, 2, 3, 3, channels]) }, attrs: volumes },
    { kernelName: "AvgPool3D", inputs: { x: volume }, attrs: volumes },
    { kernelName: "MaxPool3D", inputs: { x: volume }, attrs: volumes },
    { kernelName: "Conv2D", inputs: { x, filter }, attrs: convolution },
    { kernelName: "Conv2DBackpropInput", inputs: { dy: float([batch, 4, 4, 3]), filter }, attrs: { ...convolution, inputShape: x.shape } },
    { kernelName: "Conv2DBackpropFilter", inputs: { x, dy: float([batch, 4, 4, 3]) }, attrs: { ...convolution, filterShape: filter.shape } },
    { kernelName: "Conv3D", inputs: { x: volume, filter: float([2, 2, 2, channels, 2]) }, attrs: { strides: 1, pad: "same", dataFormat: "NDHWC", dilations: 1 } },
    { kernelName: "DepthwiseConv2dNative", inputs: { x, filter: float([2, 2, channels, 2], 1) }, attrs: convolution },
    { kernelName: "FusedConv2D", inputs: { x, filter, bias: float([3]) }, attrs: { ...convolution, activation: "relu" } },
    { kernelName: "FusedDepthwiseConv2D", inputs: { x, filter: float([2, 2, channels, 1], 1), bias: norm(1) }, attrs: { ...convolution, activation: "relu" } },
    { kernelName: "FusedBatchNorm", inputs: { x, mean: norm(1), variance: { ...norm(0), values: new Float32Array(channels).fill(2) }, offset: norm(2), scale: norm(3) }, attrs: { varianceEpsilon: 0.01 } },
    { kernelName: "ResizeBilinear", inputs: { images: x }, attrs: resize },
    { kernelName: "ResizeNearestNeighbor", inputs: { images: x }, attrs: resize },
    { kernelName: "ResizeBilinearGrad", inputs: { images: x, dy: float([batch, 3, 5, channels]) }, attrs: resize },
    // Of several images, the CPU backend transforms the first alone, and mixes their gradients.
    ...(batch > 1 ? [] : [{ kernelName: "ResizeNearestNeighborGrad", inputs: { images: x, dy: float([batch, 3, 5, channels]) }, attrs: resize }]),
    { kernelName: "FlipLeftRight", inputs: { image: x }, attrs: {} },
    { kernelName: "RotateWithOffset", inputs: { image: x }, attrs: { radians: 0.5, fillValue: 0, center: 0.5 } },
    { kernelName: "LRN", inputs: { x }, attrs: { depthRadius: 1, bias: 1, alpha: 1, beta: 0.5 } },
    { kernelName: "LRNGrad", inputs: { x, y: float(x.shape, 1), dy: float(x.shape, 2) }, attrs: { depthRadius: 1, bias: 1, alpha: 1, beta: 0.5 } },
    { kernelName: "Dilation2DBackpropInput", inputs: { x, filter: float([2, 2, channels]), dy: float(x.shape) }, attrs: { strides: 1, pad: "same", dilations: 1 } },
    { kernelName: "Dilation2DBackpropFilter", inputs: { x, filter: float([2, 2, channels]), dy: float(x.shape) }, attrs: { strides: 1, pad: "same", dilations: 1 } },
    { kernelName: "Conv3DBackpropInputV2", inputs: { dy: float([batch, 3, 4, 4, 2]), filter: float([2, 2, 2, channels, 2]) }, attrs: { strides: 1, pad: "same", inputShape: volume.shape } },
    { kernelName: "Conv3DBackpropFilterV2", inputs: { x: volume, dy: float([batch, 3, 4, 4, 2]) }, attrs: { strides: 1, pad: "same", filterShape: [2, 2, 2, channels, 2] } },
    { kernelName: "DepthToSpace", inputs: { x: float([batch, 2, 2, 4 * channels]) }, attrs: { blockSize: 2, dataFormat: "NHWC" } },
    { kernelName: "SpaceToBatchND", inputs: { x }, attrs: { blockShape: [2, 2], paddings: [[0, 0], [0, 0]] } },
    { kernelName: "BatchToSpaceND", inputs: { x: float([4 * batch, 2, 2, channels]) }, attrs: { blockShape: [2, 2], crops: [[0, 0], [0, 0]] } },
    { kernelName: "Dilation2D", inputs: { x, filter: float([2, 2, channels]) }, attrs: { strides: 1, pad: "same", dilations: 1 } },
    { kernelName: "CropAndResize", inputs: { image: x, boxes: { ...float([1, 4]), values: Float32Array.of(0, 0, 1, 1) }, boxInd: { ...sweepTensor([1], "int32"), values: Int32Array.of(0) } }, attrs: { cropSize: [2, 3], method: "bilinear", extrapolationValue: 0 } },
    ...(batch > 1 ? [] : [{ kernelName: "Transform", inputs: { image: x, transforms: { ...float([batch, 8]), values: Float32Array.from({ length: 8 * batch }, (_, at) => [1, 0, 1, 0, 1, 0, 0, 0][at % 8]!) } }, attrs: { interpolation: "nearest", fillMode: "constant", fillValue: 0, outputShape: [4, 4] } }]),
  ];
}

function ofMatrices(): SweepCase[] {
  const sizes = [0, 1, 3];
  return sizes.flatMap((rows) =>
    sizes.flatMap((depth) =>
      sizes.flatMap((columns) =>
        [[], [2], [0], [2, 1, 3]].flatMap((batch) => [
          { kernelName: "BatchMatMul", inputs: { a: float([...batch, rows, depth]), b: float([...batch, depth, columns], 1) }, attrs: { transposeA: false, transposeB: false } },
          ...(batch.length > 1 ? [] : [{ kernelName: "_FusedMatMul", inputs: { a: float([...batch, rows, depth]), b: float([...batch, depth, columns], 1), bias: float([columns], 2) }, attrs: { transposeA: false, transposeB: false, activation: "relu" } }]),
        ]),
      ),
    ),
  );
}

function ofNumbers(): SweepCase[] {
  const int = (shape: readonly number[], start = 0) => sweepTensor(shape, "int32", start);
  const zeros = (length: number) => ({ ...int([length]), values: new Int32Array(length) });
  return [0, 1, 5].flatMap((length) => [
    { kernelName: "Range", inputs: {}, attrs: { start: 0, stop: length, step: 1, dtype: "float32" } },
    { kernelName: "Range", inputs: {}, attrs: { start: 0, stop: length, step: 1, dtype: "int32" } },
    { kernelName: "LinSpace", inputs: {}, attrs: { start: 0, stop: 1, num: Math.max(1, length) } },
    { kernelName: "Bincount", inputs: { x: zeros(length), weights: float([length]) }, attrs: { size: 3 } },
    { kernelName: "Bincount", inputs: { x: zeros(length), weights: float([0]) }, attrs: { size: 3 } },
    { kernelName: "DenseBincount", inputs: { x: zeros(length), weights: float([0]) }, attrs: { size: 3, binaryOutput: false } },
    { kernelName: "SparseToDense", inputs: { sparseIndices: zeros(length), sparseValues: float([length]), defaultValue: float([]) }, attrs: { outputShape: [4] } },
    { kernelName: "UnsortedSegmentSum", inputs: { x: float([length, 2]), segmentIds: zeros(length) }, attrs: { numSegments: 3 } },
    { kernelName: "SearchSorted", inputs: { sortedSequence: float([1, length]), values: float([1, 3]) }, attrs: { side: "left" } },
    { kernelName: "BroadcastArgs", inputs: { s0: zeros(length), s1: zeros(length) }, attrs: {} },
    { kernelName: "SparseSegmentSum", inputs: { data: float([2, 3]), indices: zeros(length), segmentIds: zeros(length) }, attrs: {} },
    { kernelName: "SparseSegmentMean", inputs: { data: float([2, 3]), indices: zeros(length), segmentIds: zeros(length) }, attrs: {} },
    { kernelName: "NonMaxSuppressionV3", inputs: { boxes: float([length, 4]), scores: float([length], 1) }, attrs: { maxOutputSize: 2, iouThreshold: 0.5, scoreThreshold: 0 } },
    { kernelName: "NonMaxSuppressionV5", inputs: { boxes: float([length, 4]), scores: float([length], 1) }, attrs: { maxOutputSize: 2, iouThreshold: 0.5, scoreThreshold: 0, softNmsSigma: 0.5 } },
    { kernelName: "SparseReshape", inputs: { inputIndices: { ...int([length, 1]), values: new Int32Array(length) }, inputShape: { ...int([1]), values: Int32Array.of(6) }, newShape: { ...int([2]), values: Int32Array.of(2, 3) } }, attrs: {} },
  ]);
}

/** Kernels of fixed ranks: images, matrices and lists, with empty dimensions. */
export function imageSweep(): SweepCase[] {
  return [...[0, 1, 2].flatMap((batch) => [0, 1, 3].flatMap((channels) => ofImages(batch, channels))), ...ofMatrices(), ...ofNumbers()];
}
