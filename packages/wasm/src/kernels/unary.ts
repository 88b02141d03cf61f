import { Erf, Exp, Rsqrt, Sigmoid, Sqrt, Tanh } from "@tensorflow/tfjs-core";
import type { MapArguments } from "../generated/kernel-arguments.js";
import type { KernelsWith } from "../runtime/kernel-function.js";
import type { FastKernel } from "./fast-kernel.js";
import { splitNumbers } from "./split-numbers.js";

/** Elementwise functions that tfjs computes one number at a time. */
export const unary: readonly FastKernel[] = [
  unaryKernel(Exp, "mapExp", 8),
  unaryKernel(Tanh, "mapTanh", 8),
  unaryKernel(Erf, "mapErf", 32),
  unaryKernel(Sigmoid, "mapSigmoid", 8),
  unaryKernel(Sqrt, "mapSqrt", 2),
  unaryKernel(Rsqrt, "mapRsqrt", 2),
];

function unaryKernel(kernelName: string, kernel: KernelsWith<MapArguments>, workPerNumber: number): FastKernel {
  return {
    kernelName,
    run({ runtime, inputs, stock }) {
      const x = inputs["x"]!;
      if (x.dtype !== "float32") return stock();
      const output = runtime.output(x.shape);
      const { counts, tasks } = splitNumbers(x.shape, workPerNumber);
      runtime.run(
        kernel,
        { x: runtime.address(x), y: runtime.address(output), count: counts.count, countPerTask: counts.countPerTask },
        tasks,
      );
      return output;
    },
  };
}
