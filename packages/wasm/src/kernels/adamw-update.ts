import { AdamWUpdate, type AdamWUpdateAttrs } from "@tfblocks/tensor-utils/kernels";
import { floatBits } from "../runtime/runtime.js";
import { demandShape, demandType } from "./checks.js";
import type { FastKernel, KernelCall } from "./fast-kernel.js";
import { runNumbers } from "./number-kernel.js";

export const adamWUpdate: FastKernel = {
  kernelName: AdamWUpdate,
  run({ runtime, inputs, attrs }: KernelCall<AdamWUpdateAttrs>) {
    const parameter = demandType(AdamWUpdate, "parameter", inputs["parameter"]);
    const state = ["gradient", "m", "v"].map((name) => demandShape(AdamWUpdate, name, inputs[name], parameter.shape));
    const outputs = Array.from({ length: 3 }, () => runtime.output(parameter.shape));
    runNumbers(runtime, "adamW", [parameter, ...state, ...outputs], 8, factors(attrs).map(floatBits));
    return outputs;
  },
};

/** decay, stepSize, inverseRoot, eps, kept1, beta2, kept2: what does not depend on the numbers, in float64. */
function factors({ learningRate, beta1, beta2, eps, weightDecay, step }: AdamWUpdateAttrs): number[] {
  const stepSize = learningRate / (1 - beta1 ** step);
  const inverseRoot = 1 / Math.sqrt(1 - beta2 ** step);
  return [1 - learningRate * weightDecay, stepSize, inverseRoot, eps, 1 - beta1, beta2, 1 - beta2];
}
