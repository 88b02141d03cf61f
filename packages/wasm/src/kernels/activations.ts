import type { GradConfig, Tensor, TensorInfo } from "@tensorflow/tfjs-core";
import { Gelu, type GeluAttrs, GeluGrad, Silu, SiluGrad } from "@tfblocks/tensor-utils/kernels";
import type { KernelFunction, Runtime } from "../runtime/runtime.js";
import { choose, demandShape, demandType } from "./checks.js";
import type { FastKernel, KernelCall, KernelInputs } from "./fast-kernel.js";
import { runNumbers } from "./number-kernel.js";
import { runKernel } from "./run-kernel.js";

const forward: Readonly<Record<GeluAttrs["approximate"], KernelFunction>> = { none: "mapGelu", tanh: "mapGeluTanh" };
const backward: typeof forward = { none: "geluGrad", tanh: "geluTanhGrad" };

const gelu: FastKernel = {
  kernelName: Gelu,
  run: ({ runtime, inputs, attrs: { approximate } }: KernelCall<GeluAttrs>) =>
    activate(Gelu, runtime, choose(Gelu, "approximate", forward, approximate), inputs),
};

const geluGrad: FastKernel = {
  kernelName: GeluGrad,
  run: ({ runtime, inputs, attrs: { approximate } }: KernelCall<GeluAttrs>) =>
    gradient(GeluGrad, runtime, choose(GeluGrad, "approximate", backward, approximate), inputs),
};

const silu: FastKernel = { kernelName: Silu, run: ({ runtime, inputs }) => activate(Silu, runtime, "mapSilu", inputs) };

const siluGrad: FastKernel = { kernelName: SiluGrad, run: ({ runtime, inputs }) => gradient(SiluGrad, runtime, "siluGrad", inputs) };

export const activations: readonly FastKernel[] = [gelu, geluGrad, silu, siluGrad];

export const activationGradients: readonly GradConfig[] = [
  { kernelName: Gelu, inputsToSave: ["x"], gradFunc: (dy, [x], attrs) => ofX(GeluGrad, dy, x!, attrs) },
  { kernelName: Silu, inputsToSave: ["x"], gradFunc: (dy, [x], attrs) => ofX(SiluGrad, dy, x!, attrs) },
];

function activate(kernelName: string, runtime: Runtime, kernel: KernelFunction, inputs: KernelInputs): TensorInfo {
  const x = demandType(kernelName, "x", inputs["x"]);
  const output = runtime.output(x.shape);
  runNumbers(runtime, kernel, [x, output], 32);
  return output;
}

function gradient(kernelName: string, runtime: Runtime, kernel: KernelFunction, inputs: KernelInputs): TensorInfo {
  const x = demandType(kernelName, "x", inputs["x"]);
  const dy = demandShape(kernelName, "dy", inputs["dy"], x.shape);
  const dx = runtime.output(x.shape);
  runNumbers(runtime, kernel, [x, dy, dx], 32);
  return dx;
}

function ofX(kernelName: string, dy: Tensor | Tensor[], x: Tensor, attrs: object): { x: () => Tensor } {
  return { x: () => runKernel(kernelName, { dy: dy as Tensor, x }, attrs)[0]! };
}
