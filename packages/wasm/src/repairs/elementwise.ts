import { Cos, type DataType, Neg, Relu6, Sin } from "@tensorflow/tfjs-core";
import type { FastKernel, KernelInputs } from "../kernels/fast-kernel.js";
import { floatBits, type KernelFunction, splitRows } from "../runtime/runtime.js";
import { sizeOf } from "./sizes.js";

/** @param more words of the kernel's arguments after the count */
function elementwise(kernelName: string, dtype: DataType, kernel: KernelFunction, work: number, more: readonly number[] = []): FastKernel {
  return {
    kernelName,
    run({ runtime, inputs, stock }) {
      const x = (inputs as KernelInputs)["x"]!;
      if (x.dtype !== dtype) return stock();
      const output = runtime.output(x.shape, dtype);
      const count = sizeOf(x.shape);
      const { rowsPerTask, tasks } = splitRows(count, work);
      runtime.run(kernel, [runtime.address(x), runtime.address(output), count, ...more, rowsPerTask], tasks);
      return output;
    },
  };
}

/** Sines of angles up to 2^28 within 1 ulp. */
export const sin: FastKernel = elementwise(Sin, "float32", "sinFloat", 8);

/** Cosines of angles up to 2^28 within 1 ulp. */
export const cos: FastKernel = elementwise(Cos, "float32", "cosFloat", 8);

/** min(max(x, 0), 6); a NaN stays. */
export const relu6: FastKernel = elementwise(Relu6, "float32", "clip", 1, [floatBits(0), floatBits(6)]);

/** -x of int32, every digit of it. */
export const neg: FastKernel = elementwise(Neg, "int32", "negateInt", 1);
