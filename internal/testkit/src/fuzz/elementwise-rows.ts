import { cast, clipByValue, engine, reshape, Select, type Tensor, where } from "@tensorflow/tfjs-core";
import type { FuzzRow, FuzzTensor } from "./fuzz-case.js";
import type { FuzzSource } from "./fuzz-source.js";

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

/** Casts, clips and choices. */
export const elementwiseRows: readonly FuzzRow[] = [
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
      const high = low + source.pick([0.5, 1, 3, Infinity]);
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
];
