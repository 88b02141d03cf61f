import { all, any, cumprod, cumsum, max, mean, min, prod, softmax, sum, type Tensor } from "@tensorflow/tfjs-core";
import type { FuzzRow } from "./fuzz-case.js";
import type { FuzzSource } from "./fuzz-source.js";
import type { FuzzTensor } from "./fuzz-tensor.js";
import { scaledTolerance } from "./tolerances.js";

type Reduce = (x: Tensor, axes: number[], keepDims: boolean) => Tensor;

const numeric = ["float32", "float32", "int32", "bool"] as const;

function reductionRow(
  kernelName: string,
  reduce: Reduce,
  error = 0,
  make = (source: FuzzSource): FuzzTensor => source.tensor(source.shape(), source.pick(numeric)),
): FuzzRow {
  return {
    kernelName,
    make(source) {
      const x = make(source);
      const [axes, keepDims] = [source.axes(x.shape.length), source.chance(0.5)];
      return {
        inputs: { x },
        call: `${kernelName}(x, [${axes.join(", ")}], ${keepDims})`,
        run: (tensors) => reduce(tensors["x"]!, axes, keepDims),
        tolerance: scaledTolerance(error, x),
      };
    },
  };
}

type Scan = (x: Tensor, axis: number, exclusive: boolean, reverse: boolean) => Tensor;

/** tfjs's CPU backend takes no negative axis. */
function scanRow(kernelName: string, scan: Scan, make: (source: FuzzSource) => FuzzTensor): FuzzRow {
  return {
    kernelName,
    make(source) {
      const x = make(source);
      const rank = x.shape.length;
      const [axis, exclusive, reverse] = [source.axis(rank), source.chance(0.5), source.chance(0.5)];
      return {
        inputs: { x },
        call: `${kernelName}(x, ${axis}, ${exclusive}, ${reverse})`,
        run: (tensors) => scan(tensors["x"]!, axis, exclusive, reverse),
        oracle: (tensors) => scan(tensors["x"]!, (axis + rank) % rank, exclusive, reverse),
        tolerance: scaledTolerance(1e-4, x),
      };
    },
  };
}

/** Products stay in range. */
function factors(source: FuzzSource): FuzzTensor {
  const x = source.tensor(source.shape(1, 6, 500), source.pick(numeric), source.chance(0.2) ? "special" : "ordinary");
  const near =
    x.dtype === "float32" ? (value: number) => (Number.isFinite(value) ? 1 + value / 50 : value) : (value: number) => Math.sign(value);
  return { ...x, values: x.values.map(near) };
}

const boolean = (source: FuzzSource): FuzzTensor => source.tensor(source.shape(), "bool");

/** Sums of 40 000 numbers in float32, as the CPU backend's scan makes them, are too inexact to compare. */
const summands = (source: FuzzSource): FuzzTensor => {
  const x = source.tensor(source.shape(), source.pick(numeric));
  return x.values.length < 4000 ? x : { ...x, values: x.values.map((value) => Math.sign(value)) };
};

/** Reductions, scans and softmax. */
export const reductionRows: readonly FuzzRow[] = [
  reductionRow("All", all, 0, boolean),
  reductionRow("Any", any, 0, boolean),
  reductionRow("Max", max),
  reductionRow("Mean", mean, 1e-5),
  reductionRow("Min", min),
  reductionRow("Prod", prod, 1e-5, factors),
  reductionRow("Sum", sum, 1e-6),
  scanRow("Cumprod", cumprod, factors),
  scanRow("Cumsum", cumsum, summands),
  {
    kernelName: "Softmax",
    make(source) {
      const logits = source.tensor(source.shape());
      return {
        inputs: { logits },
        call: "softmax(logits)",
        run: (tensors) => softmax(tensors["logits"]!),
        tolerance: { atol: 1e-6, rtol: 1e-5 },
      };
    },
  },
];
