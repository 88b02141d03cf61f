import {
  cast,
  clipByValue,
  engine,
  floorDiv,
  maximum,
  minimum,
  mod,
  neg,
  prelu,
  relu6,
  reshape,
  reverse,
  Select,
  stridedSlice,
  type Tensor,
  where,
} from "@tensorflow/tfjs-core";
import type { FuzzRow } from "./fuzz-case.js";
import type { FuzzSource } from "./fuzz-source.js";
import type { FuzzTensor } from "./fuzz-tensor.js";

const types = ["float32", "int32", "bool"] as const;

/** A shape that broadcasts to another; tfjs itself does not broadcast to an empty one. */
function narrower(source: FuzzSource, shape: readonly number[]): number[] {
  if (shape.includes(0)) return [...shape];
  return shape.slice(source.chance(0.3) ? source.integer(0, shape.length) : 0).map((length) => (source.chance(0.2) ? 1 : length));
}

/** A condition of rank 1 that decides for each row of the others; only the kernel takes it. */
function rowwiseSelect(source: FuzzSource): ReturnType<FuzzRow["make"]> {
  const shape = source.shape(2, 4);
  const dtype = source.pick(types);
  const inputs = { condition: source.tensor(shape.slice(0, 1), "bool"), t: source.tensor(shape, dtype), e: source.tensor(shape, dtype) };
  return {
    inputs,
    call: "Select(condition, t, e)",
    run: ({ condition, t, e }) => engine().runKernel(Select, { condition: condition!, t: t!, e: e! }) as Tensor,
    oracle: ({ condition, t, e }) => where(reshape(condition!, [shape[0]!, ...shape.slice(1).map(() => 1)]), t!, e!),
  };
}

function unaryRow(kernelName: string, dtype: FuzzTensor["dtype"], apply: (x: Tensor) => Tensor): FuzzRow {
  return {
    kernelName,
    make(source) {
      return {
        inputs: { x: source.tensor(source.shape(0), dtype) },
        call: `${kernelName}(x)`,
        run: (tensors) => apply(tensors["x"]!),
      };
    },
  };
}

function binaryRow(kernelName: string, dtype: FuzzTensor["dtype"], apply: (a: Tensor, b: Tensor) => Tensor): FuzzRow {
  return {
    kernelName,
    make(source) {
      const shape = source.shape(0);
      const a = source.tensor(narrower(source, shape), dtype);
      const b = source.chance(0.1) ? a : source.tensor(narrower(source, shape), dtype);
      return { inputs: { a, b }, call: `${kernelName}(a, b)`, run: (tensors) => apply(tensors["a"]!, tensors["b"]!) };
    },
  };
}

/** From and to, in the direction of the stride, counted from either end: what is empty otherwise, tfjs's core gets wrong. */
function range(source: FuzzSource, length: number, stride: number): [number, number] {
  const [low, high] = [source.integer(0, length), source.integer(0, length)].toSorted((a, b) => a - b) as [number, number];
  const fromEnd = (at: number) => (at < length && source.chance(0.5) ? at - length : at);
  return stride > 0 ? [fromEnd(low), fromEnd(high)] : [fromEnd(high), fromEnd(low)];
}

/** Numbers one by one, and tensors by position. */
export const elementwiseRows: readonly FuzzRow[] = [
  unaryRow("Neg", "int32", neg),
  unaryRow("Relu6", "float32", relu6),
  binaryRow("FloorDiv", "int32", floorDiv),
  binaryRow("Maximum", "float32", maximum),
  binaryRow("Minimum", "float32", minimum),
  binaryRow("Mod", "int32", mod),
  binaryRow("Prelu", "float32", prelu),
  {
    kernelName: "Cast",
    make(source) {
      const x = source.tensor(source.shape(), source.pick(types));
      const dtype = source.pick(types);
      return {
        inputs: { x },
        call: `cast(x, "${dtype}")`,
        run: (tensors) => cast(tensors["x"]!, dtype),
        tolerance: { atol: 0, rtol: 1e-7 }, // the CPU backend leaves an int32 as it is and calls it float32
      };
    },
  },
  {
    kernelName: "ClipByValue",
    make(source) {
      const x = source.tensor(source.shape(), source.pick(["float32", "float32", "int32"]));
      const low = source.pick([-Infinity, -2, -0.5, 0]);
      const high = source.pick([0.5, 1, 2.5, Infinity]);
      return {
        inputs: { x },
        call: `clipByValue(x, ${low}, ${high})`,
        run: (tensors) => clipByValue(tensors["x"]!, low, high),
      };
    },
  },
  {
    kernelName: "Select",
    make(source) {
      if (source.chance(0.2)) return rowwiseSelect(source);
      const shape = source.shape(0);
      const a: FuzzTensor = source.tensor(narrower(source, shape), source.pick(types));
      const b = source.chance(0.1) ? a : source.tensor(narrower(source, shape), source.pick(types));
      const condition = source.tensor(narrower(source, shape), "bool");
      return {
        inputs: { condition, a, b },
        call: "where(condition, a, b)",
        run: (tensors) => where(tensors["condition"]!, tensors["a"]!, tensors["b"]!),
      };
    },
  },
  {
    kernelName: "Reverse",
    make(source) {
      const x = source.tensor(source.shape(), source.pick(types));
      const axes = source.axes(x.shape.length);
      return { inputs: { x }, call: `reverse(x, [${axes.join(", ")}])`, run: (tensors) => reverse(tensors["x"]!, axes) };
    },
  },
  {
    kernelName: "StridedSlice",
    make(source) {
      const x = source.tensor(source.shape(1, 4), source.pick(types));
      const strides = x.shape.map(() => source.pick([1, 2, -1]));
      const ranges = x.shape.map((length, axis) => range(source, length, strides[axis]!));
      const [begin, end] = [ranges.map(([first]) => first), ranges.map(([, last]) => last)];
      return {
        inputs: { x },
        call: `stridedSlice(x, [${begin.join(", ")}], [${end.join(", ")}], [${strides.join(", ")}])`,
        run: (tensors) => stridedSlice(tensors["x"]!, begin, end, strides),
      };
    },
  },
];
