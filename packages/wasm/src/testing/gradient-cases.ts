import * as tf from "@tensorflow/tfjs-core";
import type { Tensor, Tensor1D, Tensor3D, Tensor4D } from "@tensorflow/tfjs-core";

/** A function that has a gradient, and the shapes of its inputs. */
export interface GradientCase {
  readonly title: string;
  readonly f: (...inputs: Tensor[]) => Tensor;
  readonly shapes: readonly (readonly number[])[];
  /** Set where tfjs fails on its CPU backend, so that the case is only run on WASM. */
  readonly failsOnCpu?: boolean;
}

/** A case whose shapes are written as "2x3, 3x4". */
function of(title: string, shapes: string, f: (...inputs: never[]) => Tensor, more: { failsOnCpu?: boolean } = {}): GradientCase {
  const sizes = shapes.split(", ").map((shape) => shape.split("x").map(Number));
  return { title, shapes: sizes, f: f as GradientCase["f"], ...more };
}

const ids = (values: number[], shape: number[] = [values.length]) => tf.tensor(values, shape as [number], "int32");
const onlyOnWasm = { failsOnCpu: true };

const ofGather = [
  of("gather", "5x3", (x: Tensor) => tf.gather(x, ids([4, 0, 2, 2, 4, 4], [2, 3]))),
  of("gather along the last dimension", "2x3x4", (x: Tensor) => tf.gather(x, ids([3, 0, 3]), -1)),
  of("gather along a dimension in the middle", "2x4x3", (x: Tensor) => tf.gather(x, ids([3, 0, 3, 1]), 1)),
  of("gather by numbers that depend on x", "5x3", (x: Tensor) => tf.gather(x, tf.argMax(x, 0) as Tensor1D)),
  of("unsortedSegmentSum", "5x3", (x: Tensor) => tf.unsortedSegmentSum(x, ids([2, 0, -1, 7, 2]) as Tensor1D, 4)),
  of("gatherND of elements", "4x3", (x: Tensor) => tf.gatherND(x, ids([0, 1, 3, 2, 0, 1], [3, 2]))),
  of("gatherND of slices", "4x3", (x: Tensor) => tf.gatherND(x, ids([3, 0, 3, 3], [2, 2, 1]))),
  of("scatterND", "3x2", (x: Tensor) => tf.scatterND(ids([4, 0, 4], [3, 1]), x, [5, 2])),
  of("scatterND into a vector", "3", (x: Tensor) => tf.scatterND(ids([4, 0, 4]), x, [5])),
  of("tensorScatterUpdate", "5x2, 2x2", (x: Tensor, updates: Tensor) => tf.tensorScatterUpdate(x, ids([4, 1], [2, 1]), updates)),
  of("topk", "3x5", (x: Tensor) => tf.topk(x, 2).values),
  of("topk of a vector", "6", (x: Tensor1D) => tf.topk(x, 3).values),
];

const ofMatMul = [
  of("matMul of a batch by one matrix", "2x3x4, 4x5", (a: Tensor, b: Tensor) => tf.matMul(a, b)),
  of("matMul of a batch by one transposed matrix", "2x3x4, 5x4", (a: Tensor, b: Tensor) => tf.matMul(a, b, false, true)),
  of("matMul of a transposed batch by one matrix", "2x4x3, 4x5", (a: Tensor, b: Tensor) => tf.matMul(a, b, true)),
  of("matMul of one matrix by a batch", "3x4, 2x4x5", (a: Tensor, b: Tensor) => tf.matMul(a, b)),
  of("matMul of a batch by a batch of 1", "2x3x4, 1x4x5", (a: Tensor, b: Tensor) => tf.matMul(a, b)),
  of("matMul under a longer batch", "3x2x3x4, 2x4x5", (a: Tensor, b: Tensor) => tf.matMul(a, b)),
];

const squared = (deviation: Tensor) => tf.square(deviation) as Tensor1D;
const numbers = (...shape: number[]) => tf.reshape(tf.linspace(-1, 1, tf.util.sizeFromShape(shape)), shape);
const ofBatchNorm = [
  of("batchNorm", "2x3x4, 4", (x: Tensor, mean: Tensor1D) => tf.batchNorm(x, mean, tf.ones([4])), onlyOnWasm),
  of(
    "batchNorm with a scale",
    "2x3x4, 4, 4",
    (x: Tensor, mean: Tensor1D, scale: Tensor1D) => tf.batchNorm(x, mean, tf.tensor1d([0.7, 0.5, 1.2, 0.9]), undefined, scale),
    onlyOnWasm,
  ),
  of(
    "batchNorm with an offset",
    "2x3x3x4, 4, 4",
    (x: Tensor, mean: Tensor1D, offset: Tensor1D) => tf.batchNorm(x, mean, tf.tensor1d([0.7, 0.5, 1.2, 0.9]), offset),
    onlyOnWasm,
  ),
  of(
    "batchNorm by its variance",
    "4",
    (deviation: Tensor) => tf.batchNorm(numbers(3, 2, 4), tf.zeros([4]), squared(deviation), undefined, undefined, 0.5),
    onlyOnWasm,
  ),
];

const ofShapes = [
  of("stridedSlice", "7x5", (x: Tensor) => tf.stridedSlice(x, [1, 0], [6, 5], [2, 3])),
  of("stridedSlice backwards", "7x5", (x: Tensor) => tf.stridedSlice(x, [5, 4], [0, 0], [-2, -1])),
  of("stridedSlice that drops a dimension", "4x5x6", (x: Tensor) => tf.stridedSlice(x, [1, 0, 1], [2, 5, 6], [1, 1, 1], 0, 0, 0, 0, 1)),
  of("stridedSlice that adds a dimension", "4x5", (x: Tensor) => tf.stridedSlice(x, [1, 0, 0], [4, 0, 5], [2, 1, 2], 0, 0, 0, 2)),
  of("stridedSlice with an ellipsis", "4x5x6", (x: Tensor) => tf.stridedSlice(x, [1, 0, 1], [4, 0, 6], [2, 1, 2], 0, 0, 2)),
  of("tile of rank 5", "2x1x3x1x2", (x: Tensor) => tf.tile(x, [2, 3, 1, 2, 2])),
  of("tile of rank 6", "1x2x1x2x1x2", (x: Tensor) => tf.tile(x, [2, 1, 3, 1, 1, 2])),
  of("unstack into one part", "1x3", (x: Tensor) => tf.unstack(x)[0]!),
  of("split into one part", "2x3", (x: Tensor) => tf.split(x, 1, 1)[0]!),
  of("bandPart of a matrix", "4x5", (x: Tensor) => tf.linalg.bandPart(x, 1, 2)),
  of("prod along dimension -1", "3x4", (x: Tensor) => tf.prod(x, -1)),
  of("cumsum along a dimension that is not the last", "3x3x2", (x: Tensor) => tf.cumsum(x, 0)),
];

const between = (x: Tensor) => tf.logicalAnd(tf.logicalNot(tf.equal(x, 0)), tf.logicalOr(tf.notEqual(x, 2), tf.lessEqual(x, 9)));
const ofSteps = [
  of("where by a comparison with x", "3x4", (x: Tensor) => tf.where(tf.greater(x, 0.1), tf.square(x), tf.mul(x, -3))),
  of("a product with a comparison", "3x4", (x: Tensor) => tf.mul(x, tf.cast(tf.less(x, 0.1), "float32"))),
  of("where by the logic of comparisons", "3x4", (x: Tensor) => tf.where(between(x), tf.square(x), x)),
];

const ofConvolution = [
  of("conv1d", "7x3x2", (filter: Tensor3D) => tf.conv1d(numbers(1, 14, 3) as Tensor3D, filter, 2, "same")),
  of("conv2d", "2x5x6x3, 3x2x3x4", (x: Tensor4D, filter: Tensor4D) => tf.conv2d(x, filter, [2, 1], "same")),
  of("conv2d without padding", "2x5x6x1, 2x2x1x3", (x: Tensor4D, filter: Tensor4D) => tf.conv2d(x, filter, [1, 2], "valid")),
  of("conv2d with explicit padding", "1x4x4x2, 3x3x2x2", (x: Tensor4D, filter: Tensor4D) => tf.conv2d(x, filter, 1, 2)),
  of("depthwiseConv2d", "2x5x6x3, 3x2x3x2", (x: Tensor4D, filter: Tensor4D) => tf.depthwiseConv2d(x, filter, 2, "same")),
  of("depthwiseConv2d without padding", "2x5x6x3, 3x2x3x1", (x: Tensor4D, filter: Tensor4D) => tf.depthwiseConv2d(x, filter, 1, "valid")),
  of("fused conv2d", "2x4x4x3, 2x2x3x4, 4", (x: Tensor4D, filter: Tensor4D, bias: Tensor) =>
    tf.fused.conv2d({ x, filter, strides: 1, pad: "same", bias, activation: "linear" }),
  ),
];

/** Gradients that throw or are wrong on the WASM backend of tfjs 4.22. */
export const failingInTfjs: readonly GradientCase[] = [...ofGather, ...ofMatMul, ...ofBatchNorm, ...ofShapes, ...ofSteps, ...ofConvolution];

const tanhGelu = (x: Tensor) => tf.mul(x, tf.add(1, tf.tanh(tf.mul(0.8, tf.add(x, tf.mul(0.04, tf.pow(x, 3)))))));
const normalised = (x: Tensor) => {
  const { mean, variance } = tf.moments(x, -1, true);
  return tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 0.1)));
};
const relu6 = { transposeB: true, activation: "relu6" } as const;
const crossEntropy = (x: Tensor) => tf.losses.softmaxCrossEntropy(tf.oneHot(tf.tensor1d([0, 3, 1], "int32"), 4), x);

/** Gradients that a transformer needs and that tfjs computes correctly, which must stay so. */
export const rightInTfjs: readonly GradientCase[] = [
  of("matMul", "3x4, 4x5", (a: Tensor, b: Tensor) => tf.matMul(a, b)),
  of("matMul of transposed matrices", "4x3, 5x4", (a: Tensor, b: Tensor) => tf.matMul(a, b, true, true)),
  of("matMul of batches", "2x3x4, 2x4x5", (a: Tensor, b: Tensor) => tf.matMul(a, b)),
  of("matMul of transposed batches", "2x2x3x4, 2x2x5x4", (a: Tensor, b: Tensor) => tf.matMul(a, b, false, true)),
  of("fused matMul", "3x4, 4x5, 5", (a: Tensor, b: Tensor, bias: Tensor) => tf.fused.matMul({ a, b, bias })),
  of("fused matMul of batches", "2x3x4, 2x5x4", (a: Tensor, b: Tensor) => tf.fused.matMul({ a, b, ...relu6 })),
  of("softmax", "2x3x4", (x: Tensor) => tf.softmax(x)),
  of("logSoftmax", "2x3x4", (x: Tensor) => tf.logSoftmax(x)),
  of("logSumExp", "2x3x4", (x: Tensor) => tf.logSumExp(x, 1)),
  of("softmaxCrossEntropy", "3x4", crossEntropy),
  of("a layer norm", "2x3x4", normalised),
  of("exact GELU", "3x4", (x: Tensor) => tf.mul(x, tf.add(1, tf.erf(tf.div(x, Math.SQRT2))))),
  of("GELU by tanh", "3x4", tanhGelu),
  of("SiLU", "3x4", (x: Tensor) => tf.mul(x, tf.sigmoid(x))),
  of("a bias", "2x3x4, 4", (x: Tensor, bias: Tensor) => tf.add(x, bias)),
  of("a product of broadcast tensors", "2x1x4, 3x1", (a: Tensor, b: Tensor) => tf.mul(a, b)),
  of("broadcastTo", "3x1", (x: Tensor) => tf.broadcastTo(x, [2, 3, 4])),
  of("tile", "2x3", (x: Tensor) => tf.tile(x, [2, 3])),
  of("split into parts", "2x6", (x: Tensor) => tf.mul(...(tf.split(x, 2, 1) as [Tensor, Tensor]))),
  of("unstack into parts", "2x3", (x: Tensor) => tf.mul(...(tf.unstack(x) as [Tensor, Tensor]))),
  of("concat and slice", "2x3, 2x1", (a: Tensor, b: Tensor) => tf.slice(tf.concat([a, b], 1), [0, 1], [2, 3])),
  of("pad and reverse", "2x3", (x: Tensor) =>
    tf.reverse(
      tf.pad(x, [
        [0, 0],
        [1, 2],
      ]),
      1,
    ),
  ),
  of("transpose", "2x3x4", (x: Tensor) => tf.transpose(x, [2, 0, 1])),
  of("cumsum along the last dimension", "2x4", (x: Tensor) => tf.cumsum(x, 1, true, true)),
  of("prod over two dimensions", "2x3x2", (x: Tensor) => tf.prod(x, [0, 2])),
  of("where by a fixed condition", "2x3, 2x3", (a: Tensor, b: Tensor) => tf.where(tf.greater(numbers(2, 3), 0), a, b)),
  of("max and min", "3x4", (x: Tensor) => tf.sub(tf.max(x, 1), tf.min(x, 1))),
];
