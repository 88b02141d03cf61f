import { AdamWUpdate, type AdamWUpdateAttrs } from "@tfblocks/tensor-utils/kernels";
import { demandShape, demandType } from "./checks.js";
import type { FastKernel, KernelCall } from "./fast-kernel.js";
import { splitNumbers } from "./split-numbers.js";

export const adamWUpdate: FastKernel = {
  kernelName: AdamWUpdate,
  run({ runtime, inputs, attrs }: KernelCall<AdamWUpdateAttrs>) {
    const parameter = demandType(AdamWUpdate, "parameter", inputs["parameter"]);
    const state = (name: string) => runtime.address(demandShape(AdamWUpdate, name, inputs[name], parameter.shape));
    const given = { parameter: runtime.address(parameter), gradient: state("gradient"), m: state("m"), v: state("v") };
    const [newParameter, newM, newV] = [runtime.output(parameter.shape), runtime.output(parameter.shape), runtime.output(parameter.shape)];
    const made = { newParameter: runtime.address(newParameter), newM: runtime.address(newM), newV: runtime.address(newV) };
    const { counts, tasks } = splitNumbers(parameter.shape, 8);
    runtime.run("adamW", { ...given, ...made, ...counts, ...factors(attrs) }, tasks);
    return [newParameter, newM, newV];
  },
};

/** Factors that are the same for every number, computed in float64. */
function factors({ learningRate, beta1, beta2, eps, weightDecay, step }: AdamWUpdateAttrs) {
  return {
    decay: 1 - learningRate * weightDecay,
    stepSize: learningRate / (1 - beta1 ** step),
    inverseRoot: 1 / Math.sqrt(1 - beta2 ** step),
    eps,
    kept1: 1 - beta1,
    beta2,
    kept2: 1 - beta2,
  };
}
