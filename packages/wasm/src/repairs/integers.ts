import {
  Acos,
  Acosh,
  Asin,
  Asinh,
  Atanh,
  broadcast_util,
  Ceil,
  Cos,
  Cosh,
  Elu,
  Erf,
  Expm1,
  Floor,
  IsFinite,
  IsNan,
  Log,
  Log1p,
  OneHot,
  type OneHotAttrs,
  Pow,
  RealDiv,
  Reciprocal,
  Rsqrt,
  Sigmoid,
  Sin,
  Sqrt,
  Tan,
  Tanh,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import type { FastKernel, KernelCall } from "../kernels/fast-kernel.js";
import { convert, shared } from "./cast.js";
import { forEachPair, numbersOf } from "./spread.js";

// Kernels that read the bits of an int32 as a float32.
const trigonometry = [Acos, Acosh, Asin, Asinh, Atanh, Cos, Cosh, Sin, Tan, Tanh];
const others = [Elu, Erf, Expm1, IsFinite, IsNan, Log, Log1p, Reciprocal, Rsqrt, Sigmoid, Sqrt];

/** Converts the integers, and truncates the result as the CPU backend does. */
const ofFloats = [...trigonometry, ...others].map((kernelName): FastKernel => ({
  kernelName,
  takes: ({ x }) => x!.dtype === "int32",
  run({ runtime, inputs, stock }: KernelCall) {
    const x = inputs["x"]!;
    const float = runtime.output(x.shape);
    convert(runtime, x, "float32", runtime.address(float));
    const result = stock({ x: float }) as TensorInfo;
    runtime.release(float);
    if (result.dtype !== "float32") return result;
    const integers = runtime.output(x.shape, "int32");
    convert(runtime, result, "int32", runtime.address(integers));
    runtime.release(result);
    return integers;
  },
}));

/** An integer is its own floor and ceiling. */
const rounding = [Ceil, Floor].map((kernelName): FastKernel => ({
  kernelName,
  takes: ({ x }) => x!.dtype === "int32",
  run: ({ runtime, inputs }: KernelCall) => shared(runtime, inputs["x"]!),
}));

/** Functions of two int32, in float64 and truncated: 1 / 0 and 0 to the power of -1 are 0. */
function ofIntegers(kernelName: string, f: (a: number, b: number) => number): FastKernel {
  return {
    kernelName,
    takes: ({ a, b }) => a!.dtype === "int32" && b!.dtype === "int32",
    run({ runtime, inputs }: KernelCall) {
      const [a, b] = [inputs["a"]!, inputs["b"]!];
      const shape = broadcast_util.assertAndGetBroadcastShape([...a.shape], [...b.shape]);
      const output = runtime.output(shape, "int32");
      const [x, y, to] = [numbersOf(runtime, a), numbersOf(runtime, b), numbersOf(runtime, output)];
      forEachPair(shape, a.shape, b.shape, (aAt, bAt, at) => {
        to[at] = f(x[aAt]!, y[bAt]!);
      });
      return output;
    },
  };
}

/** Rows with `onValue` at an index and `offValue` elsewhere, which tfjs writes as int32 whatever the type. */
const oneHot: FastKernel = {
  kernelName: OneHot,
  takes: (_, { dtype }: OneHotAttrs) => dtype !== "int32",
  run({ runtime, inputs, attrs: { depth, onValue, offValue, dtype } }: KernelCall<OneHotAttrs>) {
    const indices = inputs["indices"]!;
    const output = runtime.output([...indices.shape, depth], dtype);
    const rows = numbersOf(runtime, output).fill(offValue);
    numbersOf(runtime, indices).forEach((index, row) => {
      if (index >= 0 && index < depth) rows[row * depth + index] = onValue;
    });
    return output;
  },
};

/** Kernels that tfjs computes wrongly for int32. */
export const integers: readonly FastKernel[] = [
  ...ofFloats,
  ...rounding,
  ofIntegers(Pow, (a, b) => a ** b),
  ofIntegers(RealDiv, (a, b) => a / b),
  oneHot,
];
