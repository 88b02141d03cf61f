import { type DataType, Neg, Relu6 } from "@tensorflow/tfjs-core";
import type { FastKernel, KernelInputs } from "../kernels/fast-kernel.js";
import { floatBits, type KernelFunction, splitRows } from "../runtime/runtime.js";
import { sizeOf } from "../sizes.js";

/** @param more words of the kernel's arguments after the count */
function elementwise(kernelName: string, dtype: DataType, kernel: KernelFunction, more: readonly number[] = []): FastKernel {
  return {
    kernelName,
    run({ runtime, inputs, stock }) {
      const x = (inputs as KernelInputs)["x"]!;
      if (x.dtype !== dtype) return stock();
      const output = runtime.output(x.shape, dtype);
      const count = sizeOf(x.shape);
      const { rowsPerTask, tasks } = splitRows(count, 1);
      runtime.run(kernel, [runtime.address(x), runtime.address(output), count, ...more, rowsPerTask], tasks);
      return output;
    },
  };
}

/** min(max(x, 0), 6); a NaN stays. */
export const relu6: FastKernel = elementwise(Relu6, "float32", "clip", [floatBits(0), floatBits(6)]);

/** -x of int32, every digit of it. */
export const neg: FastKernel = elementwise(Neg, "int32", "negateInt");
