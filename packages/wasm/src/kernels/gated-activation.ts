import type { GradConfig } from "@tensorflow/tfjs-core";
import { GatedActivation, type GatedActivationAttrs, GatedActivationGrad, type GateName, runKernel } from "@tfblocks/tensor-utils/kernels";
import type { GateGradArguments, ProductArguments } from "../generated/kernel-arguments.js";
import { gradientOf } from "../gradients/typed-gradient.js";
import type { KernelsWith } from "../runtime/kernel-function.js";
import { choose, demandShape, demandType } from "./checks.js";
import type { FastKernel, KernelCall } from "./fast-kernel.js";
import { splitNumbers } from "./split-numbers.js";

const forward: Readonly<Record<GateName, KernelsWith<ProductArguments>>> = {
  sigmoid: "gateSigmoid",
  relu: "gateRelu",
  gelu: "gateGelu",
  geluTanh: "gateGeluTanh",
  silu: "gateSilu",
};
const backward: Readonly<Record<GateName, KernelsWith<GateGradArguments>>> = {
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
    const { counts, tasks } = splitNumbers(gate.shape, 32);
    runtime.run(
      kernel,
      {
        x: runtime.address(gate),
        factor: runtime.address(up),
        y: runtime.address(output),
        count: counts.count,
        countPerTask: counts.countPerTask,
      },
      tasks,
    );
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
    const { counts, tasks } = splitNumbers(gate.shape, 32);
    const given = { gate: runtime.address(gate), up: runtime.address(up), dy: runtime.address(dy) };
    runtime.run(
      kernel,
      { ...given, dgate: runtime.address(dgate), dup: runtime.address(dup), count: counts.count, countPerTask: counts.countPerTask },
      tasks,
    );
    return [dgate, dup];
  },
};

export const gatedActivationGradient: GradConfig = gradientOf<GatedActivationAttrs>({
  kernelName: GatedActivation,
  inputsToSave: ["gate", "up"],
  gradFunc(dy, [gate, up], attrs) {
    const [dgate, dup] = runKernel(GatedActivationGrad, { dy, gate: gate!, up: up! }, attrs);
    return { gate: () => dgate, up: () => dup };
  },
});
