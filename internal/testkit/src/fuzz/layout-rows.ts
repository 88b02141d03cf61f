import {
  backend_util,
  batchNorm,
  clone,
  concat,
  Conv2DBackpropFilter,
  DepthwiseConv2dNativeBackpropFilter,
  DepthwiseConv2dNativeBackpropInput,
  einsum,
  split,
  stack,
  tile,
  transpose,
  type Tensor1D,
  type Tensor4D,
  unsortedSegmentSum,
} from "@tensorflow/tfjs-core";
import type { FuzzCase, FuzzRow } from "./fuzz-case.js";
import type { FuzzSource } from "./fuzz-source.js";
import { runOn } from "./run-on.js";

const types = ["float32", "int32", "bool"] as const;
const tolerance = { atol: 1e-4, rtol: 1e-4 };

/** The CPU backend has all three gradients of convolutions. */
function convolutionCase(source: FuzzSource, kernelName: string): FuzzCase {
  const depthwise = kernelName !== Conv2DBackpropFilter;
  const x: [number, number, number, number] = [source.integer(1, 2), source.integer(3, 7), source.integer(3, 7), source.integer(1, 3)];
  const filter: [number, number, number, number] = [source.integer(1, 3), source.integer(1, 3), x[3], source.integer(1, 3)];
  const strides: [number, number] = source.pick([
    [1, 1],
    [2, 2],
  ]);
  const pad = source.pick(["valid", "same"] as const);
  const { outShape } = backend_util.computeConv2DInfo(x, filter, strides, 1, pad, undefined, depthwise);
  const tensor = (shape: readonly number[]) => source.tensor(shape, "float32", "ordinary");
  const ofInput = kernelName === DepthwiseConv2dNativeBackpropInput;
  const attrs = { strides, pad, dataFormat: "NHWC", dilations: 1, ...(ofInput ? { inputShape: x } : { filterShape: filter }) };
  return {
    inputs: { dy: tensor(outShape), ...(ofInput ? { filter: tensor(filter) } : { x: tensor(x) }) },
    call: `${kernelName} with ${JSON.stringify(attrs)}`,
    run: (tensors) => runOn(kernelName, tensors, attrs),
    tolerance,
  };
}

const equations = ["ij,jk->ik", "bhqd,bhkd->bhqk", "bij,jk->bik", "ij->ji", "ijk->i", "i,j->ij", "bi,bi->b", "bij,bjk->ik"] as const;

function einsumCase(source: FuzzSource): FuzzCase {
  const equation = source.pick(equations);
  const lengths = new Map<string, number>();
  const lengthOf = (letter: string) => lengths.set(letter, lengths.get(letter) ?? source.integer(1, 9)).get(letter)!;
  const operands = equation.split("->")[0]!.split(",");
  const tensors = operands.map((letters) => source.tensor(Array.from(letters, lengthOf), "float32", "ordinary"));
  return {
    inputs: Object.fromEntries(tensors.map((each, at) => [`x${at}`, each])),
    call: `einsum("${equation}")`,
    run: (given) => einsum(equation, ...Object.values(given)),
    tolerance,
  };
}

/** Layouts, segments, contractions, and what convolutions are trained by. */
export const layoutRows: readonly FuzzRow[] = [
  { kernelName: "Einsum", make: einsumCase },
  ...[Conv2DBackpropFilter, DepthwiseConv2dNativeBackpropFilter, DepthwiseConv2dNativeBackpropInput].map((kernelName): FuzzRow => ({
    kernelName,
    make: (source) => convolutionCase(source, kernelName),
  })),
  {
    kernelName: "FusedBatchNorm",
    make(source) {
      const x = source.tensor(source.shape(4, 4), "float32", "ordinary");
      const row = () => source.tensor(x.shape.slice(-1), "float32", "ordinary");
      const variance = row();
      return {
        inputs: {
          x,
          mean: row(),
          variance: { ...variance, values: variance.values.map((each) => Math.abs(each) + 0.1) },
          offset: row(),
          scale: row(),
        },
        call: "batchNorm(x, mean, variance, offset, scale)",
        run: ({ x: given, mean, variance: spread, offset, scale }) =>
          batchNorm(given as Tensor4D, mean as Tensor1D, spread as Tensor1D, offset as Tensor1D, scale as Tensor1D),
        tolerance,
      };
    },
  },
  {
    kernelName: "Identity",
    make(source) {
      const x = source.tensor(source.shape(0), source.pick(types));
      return { inputs: { x }, call: "clone(x)", run: (tensors) => clone(tensors["x"]!) };
    },
  },
  {
    kernelName: "SplitV",
    make(source) {
      const x = source.tensor(source.shape(1), source.pick(types));
      const axis = source.integer(0, x.shape.length - 1);
      const first = source.integer(0, x.shape[axis]!);
      const sizes = [first, x.shape[axis]! - first];
      return { inputs: { x }, call: `split(x, [${sizes.join(", ")}], ${axis})`, run: (tensors) => split(tensors["x"]!, sizes, axis) };
    },
  },
  {
    kernelName: "Concat",
    make(source) {
      const shape = source.shape(1, 5);
      const dtype = source.pick(types);
      const axis = source.integer(0, shape.length - 1);
      const names = Array.from({ length: source.integer(2, 4) }, (_, at) => `x${at}`);
      const part = () => source.tensor(shape.with(axis, source.integer(0, 9)), dtype);
      return {
        inputs: Object.fromEntries(names.map((name) => [name, part()])),
        call: `concat([${names.join(", ")}], ${axis})`,
        run: (tensors) => concat(Object.values(tensors), axis),
      };
    },
  },
  {
    kernelName: "Pack",
    make(source) {
      const shape = source.shape(0, 4);
      const dtype = source.pick(types);
      const axis = source.integer(0, shape.length);
      const names = Array.from({ length: source.integer(1, 4) }, (_, at) => `x${at}`);
      return {
        inputs: Object.fromEntries(names.map((name) => [name, source.tensor(shape, dtype)])),
        call: `stack([${names.join(", ")}], ${axis})`,
        run: (tensors) => stack(Object.values(tensors), axis),
      };
    },
  },
  {
    kernelName: "Tile",
    make(source) {
      const x = source.tensor(source.shape(1, 5, 500), source.pick(types));
      const repeats = x.shape.map(() => source.integer(0, 3));
      return { inputs: { x }, call: `tile(x, [${repeats.join(", ")}])`, run: (tensors) => tile(tensors["x"]!, repeats) };
    },
  },
  {
    kernelName: "Transpose",
    make(source) {
      const x = source.tensor(source.shape(0), source.pick(types));
      const order = x.shape.map((_, axis) => ({ axis, key: source.integer(0, 1000) })).toSorted((a, b) => a.key - b.key);
      const axes = order.map(({ axis }) => axis);
      return { inputs: { x }, call: `transpose(x, [${axes.join(", ")}])`, run: (tensors) => transpose(tensors["x"]!, axes) };
    },
  },
  {
    kernelName: "UnsortedSegmentSum",
    make(source) {
      const x = source.tensor(source.shape(1, 4, 1000), "float32", "ordinary");
      const segments = source.integer(1, 9);
      const ids = source.indices(x.shape.slice(0, 1), segments + 1);
      return {
        inputs: { x, ids },
        call: `unsortedSegmentSum(x, ids, ${segments})`,
        run: (tensors) => unsortedSegmentSum(tensors["x"]!, tensors["ids"] as Tensor1D, segments),
        tolerance,
      };
    },
  },
];
