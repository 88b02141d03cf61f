import { Add, type DataType, FloorDiv, Maximum, Minimum, Mod, Multiply, Prelu } from "@tensorflow/tfjs-core";
import type { FastKernel, KernelInputs } from "../kernels/fast-kernel.js";
import type { BroadcastArguments } from "../generated/kernel-arguments.js";
import type { KernelsWith } from "../runtime/kernel-function.js";
import { runBroadcast } from "./broadcast.js";

function broadcastKernel(
  kernelName: string,
  dtype: DataType,
  kernel: KernelsWith<BroadcastArguments>,
  [first, second] = ["a", "b"],
): FastKernel {
  return {
    kernelName,
    run({ runtime, inputs, stock }) {
      const [a, b] = [(inputs as KernelInputs)[first!]!, (inputs as KernelInputs)[second!]!];
      return a.dtype === dtype && b.dtype === dtype ? runBroadcast(runtime, kernel, a, b) : stock();
    },
  };
}

/** The larger of two numbers; NaN when one is NaN. */
export const maximum: FastKernel = broadcastKernel(Maximum, "float32", "maximumFloat");

/** The smaller of two numbers; NaN when one is NaN. */
export const minimum: FastKernel = broadcastKernel(Minimum, "float32", "minimumFloat");

/** x, or alpha x where x < 0; alpha may have any shape that broadcasts. */
export const prelu: FastKernel = broadcastKernel(Prelu, "float32", "prelu", ["x", "alpha"]);

/** floor(a / b) of int32, 0 where b is 0. */
export const floorDiv: FastKernel = broadcastKernel(FloorDiv, "int32", "floorDivInt");

/** a - b floor(a / b) of int32, 0 where b is 0. */
export const mod: FastKernel = broadcastKernel(Mod, "int32", "modInt");

/** Sums and products of float32 in kernels of this package, whose steps can be recorded: the same numbers as those of tfjs. */
export const arithmetic: readonly FastKernel[] = [
  broadcastKernel(Add, "float32", "addFloat"),
  broadcastKernel(Multiply, "float32", "multiplyFloat"),
];
