import * as tf from "@tensorflow/tfjs-core";
import type { Tensor } from "@tensorflow/tfjs-core";

/** A function with a gradient, and the shapes of its inputs. */
export interface GradientCase {
  readonly title: string;
  readonly f: (...inputs: Tensor[]) => Tensor;
  readonly shapes: readonly (readonly number[])[];
}

const ids = (values: number[], shape: number[] = [values.length]) => tf.tensor(values, shape as [number], "int32");
const one = (title: string, shape: number[], f: (x: Tensor) => Tensor): GradientCase => ({
  title,
  shapes: [shape],
  f: f as GradientCase["f"],
});
const many = (title: string, shapes: number[][], f: GradientCase["f"]): GradientCase => ({ title, shapes, f });
const image = (x: Tensor) => x as tf.Tensor4D;

const einsums: readonly [string, ...number[][]][] = [
  ["ij,jk->ik", [3, 4], [4, 5]],
  ["ji,kj->ik", [4, 3], [5, 4]],
  ["bqd,bkd->bqk", [2, 3, 4], [2, 5, 4]],
  ["bhqk,bkhd->bqhd", [2, 3, 2, 4], [2, 4, 3, 2]],
  ["abc,cd->abd", [2, 3, 4], [4, 2]],
  ["ij,ij->i", [3, 4], [3, 4]],
  ["i,j->ij", [3], [4]],
  ["ijk,jl->il", [2, 3, 4], [3, 5]],
  ["ij,kl->", [2, 3], [4, 2]],
];

/** Gradients that fail in tfjs 4.22 on its WASM backend: they throw, or are wrong. */
export const failingInTfjs: readonly GradientCase[] = [
  one("gather", [5, 3], (x) => tf.gather(x, ids([4, 0, 2, 2, 4, 4], [2, 3]))),
  one("gather along the last dimension", [2, 3, 4], (x) => tf.gather(x, ids([3, 0, 3]), -1)),
  one("gather along a dimension in the middle", [2, 4, 3], (x) => tf.gather(x, ids([3, 0, 3, 1]), 1)),
  one("gather by numbers that depend on x", [5, 3], (x) => tf.gather(x, tf.argMax(x, 0) as tf.Tensor1D)),
  many(
    "matMul of a batch by one matrix",
    [
      [2, 3, 4],
      [4, 5],
    ],
    (a, b) => tf.matMul(a!, b!),
  ),
  many(
    "matMul of a batch by one transposed matrix",
    [
      [2, 3, 4],
      [5, 4],
    ],
    (a, b) => tf.matMul(a!, b!, false, true),
  ),
  many(
    "matMul of a transposed batch by one matrix",
    [
      [2, 4, 3],
      [4, 5],
    ],
    (a, b) => tf.matMul(a!, b!, true),
  ),
  many(
    "matMul of one matrix by a batch",
    [
      [3, 4],
      [2, 4, 5],
    ],
    (a, b) => tf.matMul(a!, b!),
  ),
  many(
    "matMul of a batch by a batch of 1",
    [
      [2, 3, 4],
      [1, 4, 5],
    ],
    (a, b) => tf.matMul(a!, b!),
  ),
  many(
    "matMul under a longer batch",
    [
      [3, 2, 3, 4],
      [2, 4, 5],
    ],
    (a, b) => tf.matMul(a!, b!),
  ),
  many("batchNorm without scale and offset", [[2, 3, 3, 4], [4]], (x, mean) => tf.batchNorm(image(x!), mean as tf.Tensor1D, tf.ones([4]))),
  many("batchNorm without offset", [[2, 3, 4], [4], [4]], (x, mean, scale) =>
    tf.batchNorm(x!, mean as tf.Tensor1D, tf.fill([4], 0.7), undefined, scale as tf.Tensor1D),
  ),
  one("batchNorm's variance", [4], (deviation) =>
    tf.batchNorm(tf.reshape(tf.range(0, 24), [3, 2, 4]), tf.zeros([4]), tf.square(deviation) as tf.Tensor1D, undefined, undefined, 0.5),
  ),
  one("stridedSlice", [7, 5], (x) => tf.stridedSlice(x, [1, 0], [6, 5], [2, 3])),
  one("stridedSlice backwards", [7, 5], (x) => tf.stridedSlice(x, [5, 4], [0, 0], [-2, -1])),
  one("stridedSlice that drops and adds dimensions", [4, 5, 6], (x) =>
    tf.stridedSlice(x, [1, 0, 0, 1], [2, 0, 0, 6], [1, 1, 1, 2], 0, 0, 2, 4, 1),
  ),
  one("gatherND of elements", [4, 3], (x) => tf.gatherND(x, ids([0, 1, 3, 2, 0, 1], [3, 2]))),
  one("gatherND of slices", [4, 3], (x) => tf.gatherND(x, ids([3, 0, 3, 3], [2, 2, 1]))),
  one("scatterND", [3, 2], (x) => tf.scatterND(ids([4, 0, 4], [3, 1]), x, [5, 2])),
  many(
    "tensorScatterUpdate",
    [
      [5, 2],
      [2, 2],
    ],
    (x, updates) => tf.tensorScatterUpdate(x!, ids([4, 1], [2, 1]), updates!),
  ),
  one("topk", [3, 5], (x) => tf.topk(x, 2).values),
  one("topk of a vector", [6], (x) => tf.topk(x, 3).values),
  one("tile of rank 5", [2, 1, 3, 1, 2], (x) => tf.tile(x, [2, 3, 1, 2, 2])),
  one("tile of rank 6", [1, 2, 1, 2, 1, 2], (x) => tf.tile(x, [2, 1, 3, 1, 1, 2])),
  one("prod along dimension -1", [3, 4], (x) => tf.prod(x, -1)),
  one("cumsum along a dimension that is not the last", [3, 3, 2], (x) => tf.cumsum(x, 0)),
  one("unstack into one part", [1, 3], (x) => tf.unstack(x)[0]!),
  one("split into one part", [2, 3], (x) => tf.split(x, 1, 1)[0]!),
  one("bandPart of a matrix", [4, 5], (x) => tf.linalg.bandPart(x, 1, 2)),
  one("where by a comparison with x", [3, 4], (x) => tf.where(tf.greater(x, 0.1), tf.square(x), tf.mul(x, -3))),
  one("a product with a comparison", [3, 4], (x) => tf.mul(x, tf.cast(tf.less(x, 0.1), "float32"))),
  one("logic of comparisons", [3, 4], (x) =>
    tf.where(tf.logicalAnd(tf.logicalNot(tf.equal(x, 0)), tf.logicalOr(tf.notEqual(x, 2), tf.lessEqual(x, 9))), tf.square(x), x),
  ),
  one("conv1d", [2, 7, 3], (filter) =>
    tf.conv1d(tf.reshape(tf.linspace(-1, 1, 42), [1, 14, 3]) as tf.Tensor3D, tf.reshape(filter, [7, 3, 2]) as tf.Tensor3D, 2, "same"),
  ),
  many(
    "conv2d",
    [
      [2, 5, 6, 3],
      [3, 2, 3, 4],
    ],
    (x, filter) => tf.conv2d(image(x!), image(filter!), [2, 1], "same"),
  ),
  many(
    "conv2d without padding",
    [
      [2, 5, 6, 1],
      [2, 2, 1, 3],
    ],
    (x, filter) => tf.conv2d(image(x!), image(filter!), [1, 2], "valid"),
  ),
  many(
    "conv2d with explicit padding",
    [
      [1, 4, 4, 2],
      [3, 3, 2, 2],
    ],
    (x, filter) => tf.conv2d(image(x!), image(filter!), 1, 2),
  ),
  many("fused conv2d", [[2, 4, 4, 3], [2, 2, 3, 4], [4]], (x, filter, bias) =>
    tf.fused.conv2d({ x: image(x!), filter: image(filter!), strides: 1, pad: "same", bias: bias!, activation: "linear" }),
  ),
  many("unsortedSegmentSum", [[5, 3]], (x) => tf.unsortedSegmentSum(x!, ids([2, 0, -1, 7, 2]) as tf.Tensor1D, 4)),
  ...einsums.map(([equation, ...shapes]) => many(`einsum ${equation}`, shapes, (...inputs) => tf.einsum(equation, ...inputs))),
];
