import { type SweepCase, sweepShapes, sweepTensor, sweepTypes, type SweepType } from "./sweep-case.js";

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** The first, the last and the middle axis. */
function someAxes({ length }: readonly number[]): number[] {
  return [...new Set([0, length - 1, length >> 1])].filter((axis) => axis >= 0 && axis < length);
}

function reductions(shape: readonly number[]): SweepCase[] {
  const all = shape.map((_, axis) => axis);
  const sets = [all, ...someAxes(shape).map((axis) => [axis]), all.filter((axis) => axis % 2 === 0)];
  const kinds: readonly (readonly [string, readonly SweepType[]])[] = [
    ["Sum", sweepTypes],
    ["Mean", ["float32", "int32"]],
    ["Prod", ["float32", "int32"]],
    ["Max", sweepTypes],
    ["Min", sweepTypes],
    ["All", ["bool"]],
    ["Any", ["bool"]],
  ];
  return kinds.flatMap(([kernelName, types]) =>
    types.flatMap((dtype) =>
      sets.map((axis, at) => ({
        kernelName,
        inputs: { x: sweepTensor(shape, dtype) },
        attrs: { axis, reductionIndices: axis, keepDims: at % 2 === 1 },
      })),
    ),
  );
}

function alongAxes(shape: readonly number[], dtype: SweepType): SweepCase[] {
  const x = sweepTensor(shape, dtype);
  const y = sweepTensor(shape, dtype, 2);
  return someAxes(shape).flatMap((axis) => [
    ...(dtype === "bool" ? [] : ["ArgMax", "ArgMin"].map((kernelName) => ({ kernelName, inputs: { x }, attrs: { axis } }))),
    ...["Cumsum", "Cumprod"].map((kernelName) => ({
      kernelName,
      inputs: { x },
      attrs: { axis, exclusive: axis > 0, reverse: axis === 0 },
    })),
    { kernelName: "Concat", inputs: [x, y], attrs: { axis } },
    { kernelName: "Pack", inputs: [x, y], attrs: { axis } },
    { kernelName: "Unpack", inputs: { value: x }, attrs: { axis } },
    { kernelName: "SplitV", inputs: { x }, attrs: { numOrSizeSplits: [shape[axis]! >> 1, shape[axis]! - (shape[axis]! >> 1)], axis } },
    { kernelName: "Reverse", inputs: { x }, attrs: { dims: [axis] } },
    ...(shape[axis] === 0 ? [] : [{ kernelName: "GatherV2", inputs: { x, indices: indices([2, 1]) }, attrs: { axis, batchDims: 0 } }]),
    ...(dtype === "float32" ? [{ kernelName: "Unique", inputs: { x }, attrs: { axis } }] : []),
  ]);
}

function indices(shape: readonly number[]) {
  return { ...sweepTensor(shape, "int32"), values: new Int32Array(sizeOf(shape)) };
}

/** What moves, repeats, pads or chooses the numbers of a tensor. */
function rearrangements(shape: readonly number[], dtype: SweepType): SweepCase[] {
  const [x, y] = [sweepTensor(shape, dtype), sweepTensor(shape, dtype, 4)];
  const all = shape.map((_, axis) => axis);
  const whole = { beginMask: 0, endMask: 0, ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: 0 };
  return [
    ...(shape.length === 0
      ? []
      : [
          {
            kernelName: "Slice",
            inputs: { x },
            attrs: { begin: shape.map((size) => (size > 1 ? 1 : 0)), size: shape.map((size) => (size > 1 ? size - 1 : size)) },
          },
        ]),
    { kernelName: "Tile", inputs: { x }, attrs: { reps: shape.map((_, axis) => (axis % 3 === 0 ? 2 : 1)) } },
    { kernelName: "Transpose", inputs: { x }, attrs: { perm: all.toReversed() } },
    { kernelName: "Transpose", inputs: { x }, attrs: { perm: [...all.slice(1), ...all.slice(0, 1)] } },
    { kernelName: "PadV2", inputs: { x }, attrs: { paddings: shape.map((_, axis) => [axis % 2, 1]), constantValue: 1 } },
    {
      kernelName: "MirrorPad",
      inputs: { x },
      attrs: { paddings: shape.map((size, axis) => [Math.min(size, axis % 2), 0]), mode: "symmetric" },
    },
    { kernelName: "Select", inputs: { condition: sweepTensor(shape, "bool"), t: x, e: y }, attrs: {} },
    {
      kernelName: "StridedSlice",
      inputs: { x },
      attrs: { begin: shape.map(() => 0), end: [...shape], strides: shape.map(() => 2), ...whole },
    },
    { kernelName: "BroadcastTo", inputs: { x }, attrs: { shape: [2, ...shape] } },
  ];
}

/** Gathers and scatters by indices of several axes, which need an element to point to. */
function gathersAndScatters(shape: readonly number[], dtype: SweepType): SweepCase[] {
  if (shape.length === 0 || sizeOf(shape) === 0) return [];
  const x = sweepTensor(shape, dtype);
  return [
    { kernelName: "GatherNd", inputs: { params: x, indices: indices([3, Math.min(shape.length, 2)]) }, attrs: {} },
    { kernelName: "GatherNd", inputs: { params: x, indices: indices([3, shape.length]) }, attrs: {} },
    { kernelName: "ScatterNd", inputs: { indices: indices([1, shape.length]), updates: sweepTensor([1], dtype) }, attrs: { shape } },
    {
      kernelName: "TensorScatterUpdate",
      inputs: { tensor: x, indices: indices([1, shape.length]), updates: sweepTensor([1], dtype) },
      attrs: {},
    },
  ];
}

function ofShape(shape: readonly number[], dtype: SweepType): SweepCase[] {
  const x = sweepTensor(shape, dtype);
  return [
    ...rearrangements(shape, dtype),
    ...(dtype === "bool" || shape.length === 0
      ? []
      : [{ kernelName: "TopK", inputs: { x }, attrs: { k: Math.min(1, shape.at(-1)!), sorted: true } }]),
    ...(dtype === "int32"
      ? [{ kernelName: "OneHot", inputs: { indices: x }, attrs: { dtype: "float32", depth: 3, onValue: 1, offValue: 0 } }]
      : []),
    ...gathersAndScatters(shape, dtype),
    ...(shape.length < 4 ? [{ kernelName: "Diag", inputs: { x }, attrs: {} }] : []),
    ...(dtype === "float32" && shape.length > 0
      ? [{ kernelName: "Softmax", inputs: { logits: x }, attrs: { dim: shape.length - 1 } }]
      : []),
  ];
}

/** Reductions, and what moves numbers, in every rank, along empty axes and of empty tensors. */
export function layoutSweep(): SweepCase[] {
  return sweepShapes.flatMap((shape) => [
    ...reductions(shape),
    ...sweepTypes.flatMap((dtype) => [...alongAxes(shape, dtype), ...ofShape(shape, dtype)]),
  ]);
}
