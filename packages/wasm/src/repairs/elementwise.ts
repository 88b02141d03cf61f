import { type DataType, Neg, Relu6, type TensorInfo } from "@tensorflow/tfjs-core";
import type { NegateArguments } from "../generated/kernel-arguments.js";
import type { FastKernel, KernelInputs } from "../kernels/fast-kernel.js";
import type { Runtime } from "../runtime/runtime.js";
import { splitRows } from "../runtime/split-tasks.js";
import { sizeOf } from "../sizes.js";

function elementwise(
  kernelName: string,
  dtype: DataType,
  map: (runtime: Runtime, args: NegateArguments, tasks: number) => void,
): FastKernel {
  return {
    kernelName,
    run({ runtime, inputs, stock }): TensorInfo | TensorInfo[] {
      const x = (inputs as KernelInputs)["x"]!;
      if (x.dtype !== dtype) return stock();
      const output = runtime.output(x.shape, dtype);
      const count = sizeOf(x.shape);
      const { rowsPerTask, tasks } = splitRows(count, 1);
      map(runtime, { x: runtime.address(x), y: runtime.address(output), count, countPerTask: rowsPerTask }, tasks);
      return output;
    },
  };
}

/** min(max(x, 0), 6); NaN stays NaN. */
export const relu6: FastKernel = elementwise(Relu6, "float32", (runtime, args, tasks) =>
  runtime.run("clip", { ...args, low: 0, high: 6 }, tasks),
);

/** -x of int32, exact for every number. */
export const neg: FastKernel = elementwise(Neg, "int32", (runtime, args, tasks) => runtime.run("negateInt", args, tasks));
