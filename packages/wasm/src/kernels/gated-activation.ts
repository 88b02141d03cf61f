import type { GradConfig, Tensor } from "@tensorflow/tfjs-core";
import { GatedActivation, type GatedActivationAttrs, GatedActivationGrad, type GateName } from "@tfblocks/tensor-utils/kernels";
import type { KernelFunction } from "../runtime/runtime.js";
import { choose, demandShape, demandType } from "./checks.js";
import type { FastKernel, KernelCall } from "./fast-kernel.js";
import { runNumbers } from "./number-kernel.js";
import { runKernel } from "./run-kernel.js";

const forward: Readonly<Record<GateName, KernelFunction>> = {
  sigmoid: "gateSigmoid",
  relu: "gateRelu",
  gelu: "gateGelu",
  geluTanh: "gateGeluTanh",
  silu: "gateSilu",
};
const backward: typeof forward = {
  sigmoid: "gateSigmoidGrad",
  relu: "gateReluGrad",
  gelu: "gateGeluGrad",
  geluTanh: "gateGeluTanhGrad",
  silu: "gateSiluGrad",
};

export const gatedActivation: FastKernel = {
  kernelName: GatedActivation,
  run({ runtime, inputs, attrs: { activation } }: KernelCall<GatedActivationAttrs>) {
    const kernel = choose(GatedActivation, "activation", forward, activation);
    const gate = demandType(GatedActivation, "gate", inputs["gate"]);
    const up = demandShape(GatedActivation, "up", inputs["up"], gate.shape);
    const output = runtime.output(gate.shape);
    runNumbers(runtime, kernel, [gate, up, output], 32);
    return output;
  },
};

export const gatedActivationGrad: FastKernel = {
  kernelName: GatedActivationGrad,
  run({ runtime, inputs, attrs: { activation } }: KernelCall<GatedActivationAttrs>) {
    const kernel = choose(GatedActivationGrad, "activation", backward, activation);
    const gate = demandType(GatedActivationGrad, "gate", inputs["gate"]);
    const up = demandShape(GatedActivationGrad, "up", inputs["up"], gate.shape);
    const dy = demandShape(GatedActivationGrad, "dy", inputs["dy"], gate.shape);
    const [dgate, dup] = [runtime.output(gate.shape), runtime.output(gate.shape)];
    runNumbers(runtime, kernel, [gate, up, dy, dgate, dup], 32);
    return [dgate, dup];
  },
};

export const gatedActivationGradient: GradConfig = {
  kernelName: GatedActivation,
  inputsToSave: ["gate", "up"],
  gradFunc(dy, [gate, up], attrs) {
    const [dgate, dup] = runKernel(GatedActivationGrad, { dy: dy as Tensor, gate: gate!, up: up! }, attrs);
    return { gate: () => dgate!, up: () => dup! };
  },
};
