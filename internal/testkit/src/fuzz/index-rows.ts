import {
  gather,
  gatherND,
  image,
  scatterND,
  sparseToDense,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  tensorScatterUpdate,
} from "@tensorflow/tfjs-core";
import type { FuzzRow } from "./fuzz-case.js";
import type { FuzzSource } from "./fuzz-source.js";
import type { FuzzTensor } from "./fuzz-tensor.js";

const types = ["float32", "int32", "bool"] as const;

/** Coordinates into the first dimensions of a shape. */
function coordinates(source: FuzzSource, outside: readonly number[], shape: readonly number[]): FuzzTensor {
  const columns = shape.map((length) => source.indices([outside.reduce((size, each) => size * each, 1)], length));
  const count = columns[0]?.values.length ?? 0;
  const values = Int32Array.from(
    { length: count * shape.length },
    (_, at) => columns[at % shape.length]!.values[Math.floor(at / shape.length)]!,
  );
  return { shape: [...outside, shape.length], dtype: "int32", values, view: source.chance(0.25) };
}

function scatterParts(source: FuzzSource): { shape: number[]; indices: FuzzTensor; updates: FuzzTensor } {
  const shape = source.shape(1, 4, 2000).map((length) => Math.max(1, length));
  const rank = source.integer(1, shape.length);
  const outside = [source.length()];
  const indices = coordinates(source, outside, shape.slice(0, rank));
  return { shape, indices, updates: source.tensor([...outside, ...shape.slice(rank)], source.pick(["float32", "float32", "int32"])) };
}

/** Gathers and scatters. */
export const indexRows: readonly FuzzRow[] = [
  {
    kernelName: "GatherV2",
    make(source) {
      const shape = source.shape(1, 5);
      const axis = source.integer(0, shape.length - 1);
      const batchDims = source.integer(0, axis);
      const batch = shape.slice(0, batchDims).map((length) => Math.max(1, length)); // the CPU backend trips over a batch of 0
      const x = source.tensor([...batch, ...shape.slice(batchDims)], source.pick(types));
      const picked = Array.from({ length: source.integer(batchDims === 0 ? 0 : 1, 2) }, () => source.integer(0, 5));
      const indices = source.indices([...batch, ...picked], x.shape[axis]!);
      const given = source.chance(0.3) ? axis - x.shape.length : axis;
      return {
        inputs: { x, indices },
        call: `gather(x, indices, ${given}, ${batchDims})`,
        run: (tensors) => gather(tensors["x"]!, tensors["indices"] as Tensor1D, given, batchDims),
      };
    },
  },
  {
    kernelName: "GatherNd",
    make(source) {
      const x = source.tensor(
        source.shape(1, 5, 1000).map((length) => Math.max(1, length)),
        source.pick(types),
      );
      const rank = source.integer(1, x.shape.length);
      const indices = coordinates(source, source.shape(0, 2, 20), x.shape.slice(0, rank));
      return {
        inputs: { x, indices },
        call: "gatherND(x, indices)",
        run: (tensors) => gatherND(tensors["x"]!, tensors["indices"]!),
      };
    },
  },
  {
    kernelName: "ScatterNd",
    make(source) {
      const { shape, indices, updates } = scatterParts(source);
      return {
        inputs: { indices, updates },
        call: `scatterND(indices, updates, [${shape.join(", ")}])`,
        run: (tensors) => scatterND(tensors["indices"]!, tensors["updates"]!, shape),
      };
    },
  },
  {
    kernelName: "TensorScatterUpdate",
    make(source) {
      const { shape, indices, updates } = scatterParts(source);
      const x = source.tensor(shape, updates.dtype);
      return {
        inputs: { x, indices, updates },
        call: "tensorScatterUpdate(x, indices, updates)",
        run: (tensors) => tensorScatterUpdate(tensors["x"]!, tensors["indices"]!, tensors["updates"]!),
      };
    },
  },
  {
    kernelName: "SparseToDense",
    make(source) {
      const shape = source.shape(1, 4, 2000).map((length) => Math.max(1, length));
      const count = source.integer(1, 20);
      const dtype = source.pick(types);
      const indices = coordinates(source, [count], shape);
      const values = source.tensor(source.chance(0.3) ? [] : [count], dtype);
      const otherwise = source.tensor([], dtype);
      return {
        inputs: { indices, values, otherwise },
        call: `sparseToDense(indices, values, [${shape.join(", ")}], otherwise)`,
        run: ({ indices: at, values: each, otherwise: rest }) =>
          sparseToDense(at as Tensor2D, each as Tensor1D, shape as [number], rest as never),
      };
    },
  },
  {
    kernelName: "CropAndResize",
    make(source) {
      const [batch, boxes] = [source.integer(1, 3), source.integer(1, 4)];
      const x = source.tensor([batch, source.integer(2, 6), source.integer(2, 6), source.integer(1, 3)], "float32", "ordinary");
      const corners = source.tensor([boxes, 4], "float32", "ordinary");
      const owners = source.indices([boxes], batch);
      const size: [number, number] = [source.integer(1, 5), source.integer(1, 5)];
      const method = source.pick(["bilinear", "nearest"] as const);
      return {
        inputs: { x, corners, owners },
        call: `image.cropAndResize(x, corners, owners, [${size.join(", ")}], "${method}")`,
        run: (tensors) =>
          image.cropAndResize(tensors["x"] as Tensor4D, tensors["corners"] as Tensor2D, tensors["owners"] as Tensor1D, size, method),
        tolerance: { atol: 1e-4, rtol: 1e-4 },
      };
    },
  },
];
