import type { GradConfig, TensorInfo } from "@tensorflow/tfjs-core";
import { Gelu, type GeluAttrs, GeluGrad, Rectifier, RectifierGrad, runKernel, Silu, SiluGrad } from "@tfblocks/tensor-utils/kernels";
import type { MapArguments, ProductArguments } from "../generated/kernel-arguments.js";
import { gradientOf } from "../gradients/typed-gradient.js";
import type { Runtime } from "../runtime/runtime.js";
import type { KernelsWith } from "../runtime/kernel-function.js";
import { choose, demandShape, demandType } from "./checks.js";
import type { FastKernel, KernelCall, KernelInputs } from "./fast-kernel.js";
import { splitNumbers } from "./split-numbers.js";

type Approximation = GeluAttrs["approximate"];

const forward: Readonly<Record<Approximation, KernelsWith<MapArguments>>> = { none: "mapGelu", tanh: "mapGeluTanh" };
const backward: Readonly<Record<Approximation, KernelsWith<ProductArguments>>> = { none: "geluGrad", tanh: "geluTanhGrad" };

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

const rectifier: FastKernel = { kernelName: Rectifier, run: ({ runtime, inputs }) => activate(Rectifier, runtime, "mapRelu", inputs) };

const rectifierGrad: FastKernel = {
  kernelName: RectifierGrad,
  run: ({ runtime, inputs }) => gradient(RectifierGrad, runtime, "reluGrad", inputs),
};

export const activations: readonly FastKernel[] = [gelu, geluGrad, silu, siluGrad, rectifier, rectifierGrad];

export const activationGradients: readonly GradConfig[] = [
  gradientOf<GeluAttrs>({
    kernelName: Gelu,
    inputsToSave: ["x"],
    gradFunc: (dy, [x], attrs) => ({ x: () => runKernel(GeluGrad, { dy, x: x! }, attrs)[0] }),
  }),
  gradientOf({
    kernelName: Silu,
    inputsToSave: ["x"],
    gradFunc: (dy, [x]) => ({ x: () => runKernel(SiluGrad, { dy, x: x! }, {})[0] }),
  }),
  gradientOf({
    kernelName: Rectifier,
    inputsToSave: ["x"],
    gradFunc: (dy, [x]) => ({ x: () => runKernel(RectifierGrad, { dy, x: x! }, {})[0] }),
  }),
];

function activate(kernelName: string, runtime: Runtime, kernel: KernelsWith<MapArguments>, inputs: KernelInputs): TensorInfo {
  const x = demandType(kernelName, "x", inputs["x"]);
  const output = runtime.output(x.shape);
  const { counts, tasks } = splitNumbers(x.shape, 32);
  runtime.run(kernel, { x: runtime.address(x), y: runtime.address(output), count: counts.count, countPerTask: counts.countPerTask }, tasks);
  return output;
}

function gradient(kernelName: string, runtime: Runtime, kernel: KernelsWith<ProductArguments>, inputs: KernelInputs): TensorInfo {
  const x = demandType(kernelName, "x", inputs["x"]);
  const dy = demandShape(kernelName, "dy", inputs["dy"], x.shape);
  const dx = runtime.output(x.shape);
  const { counts, tasks } = splitNumbers(x.shape, 32);
  runtime.run(
    kernel,
    { x: runtime.address(x), factor: runtime.address(dy), y: runtime.address(dx), count: counts.count, countPerTask: counts.countPerTask },
    tasks,
  );
  return dx;
}
