import { All, Any, type DataType, Max, Mean, Min, Prod, Sum, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { FastKernel, KernelCall } from "../kernels/fast-kernel.js";
import { LANE_BYTES, WIDE_BYTES, WIDE_COLUMNS } from "../generated/kernel-arguments.js";
import { withDtype } from "./cast.js";
import { planReduction } from "./plan-reduction.js";
import { type ReduceKernel, type Reducer, runReduction } from "./run-reduction.js";
import { sizeOf } from "../sizes.js";

interface ReductionAttrs {
  readonly axis?: number | number[];
  /** What `Max` calls its axes instead of `axis`. */
  readonly reductionIndices?: number | number[];
  readonly keepDims: boolean;
}

interface Reduction {
  readonly kernelName: string;
  /** The functions that reduce each type. */
  readonly reducers: Partial<Record<DataType, Reducer>>;
  /** The type that a type is converted to first. */
  readonly as?: Partial<Record<DataType, DataType>>;
  /** The result for no numbers, as on the CPU backend of tfjs. */
  readonly ofNone: number;
  readonly divides?: boolean;
}

function reduction({ kernelName, reducers, as = {}, ofNone, divides = false }: Reduction): FastKernel {
  const run = ({ runtime, inputs, attrs, stock }: KernelCall<ReductionAttrs>): TensorInfo | TensorInfo[] => {
    const x = inputs["x"]!;
    const dtype = as[x.dtype] ?? x.dtype;
    const reducer = reducers[dtype];
    if (reducer === undefined) return stock();
    const axes = util.parseAxisParam(attrs.axis ?? attrs.reductionIndices ?? (null as never), [...x.shape]);
    const { shape, length, passes } = planReduction(x.shape, axes, attrs.keepDims);
    const output = runtime.output(shape, dtype);
    if (sizeOf(shape) === 0) return output;
    if (length === 0) runtime.backend.typedArrayFromHeap(output).fill(ofNone);
    else {
      const to = { y: runtime.address(output), divisor: divides ? length : 1 };
      withDtype(runtime, x, dtype, (address) => runReduction(runtime, reducer, passes, { x: address, ...to }));
    }
    return output;
  };
  return { kernelName, run };
}

/** float32, accumulated in float64. */
function wide(first: ReduceKernel, next: ReduceKernel): Reducer {
  return { first, next, partialBytes: WIDE_BYTES, width: WIDE_COLUMNS };
}

/** Numbers of this many bytes, accumulated in their own type. */
function lanes(kernel: ReduceKernel, bytes: number): Reducer {
  return { first: kernel, next: kernel, partialBytes: bytes, width: LANE_BYTES / bytes };
}

const sumOfFloats = wide("sumFloat", "sumPartial");
const maxByte = lanes("maxByte", 1);
const minByte = lanes("minByte", 1);

/** Sums, accumulated in float64; int32 wraps around. */
export const sum: FastKernel = reduction({
  kernelName: Sum,
  reducers: { float32: sumOfFloats, int32: lanes("sumInt", 4) },
  as: { bool: "int32" },
  ofNone: 0,
});

/** The float64 sum divided by the count, as float32. */
export const mean: FastKernel = reduction({
  kernelName: Mean,
  reducers: { float32: sumOfFloats },
  as: { int32: "float32", bool: "float32" },
  ofNone: 0,
  divides: true,
});

/** Products, accumulated in float64; int32 wraps around. */
export const prod: FastKernel = reduction({
  kernelName: Prod,
  reducers: { float32: wide("prodFloat", "prodPartial"), int32: lanes("prodInt", 4) },
  as: { bool: "int32" },
  ofNone: 1,
});

/** The largest number; NaN when there is one. */
export const max: FastKernel = reduction({
  kernelName: Max,
  reducers: { float32: lanes("maxFloat", 4), int32: lanes("maxInt", 4), bool: maxByte },
  ofNone: NaN,
});

/** The smallest number; NaN when there is one. */
export const min: FastKernel = reduction({
  kernelName: Min,
  reducers: { float32: lanes("minFloat", 4), int32: lanes("minInt", 4), bool: minByte },
  ofNone: NaN,
});

/** Whether all elements are true. */
export const all: FastKernel = reduction({ kernelName: All, reducers: { bool: minByte }, ofNone: 0 });

/** Whether any element is true. */
export const any: FastKernel = reduction({ kernelName: Any, reducers: { bool: maxByte }, ofNone: 0 });
