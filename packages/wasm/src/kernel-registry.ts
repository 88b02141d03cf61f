import {
  getGradient,
  getKernel,
  type GradConfig,
  type KernelConfig,
  registerGradient,
  registerKernel,
  type TensorInfo,
  unregisterGradient,
  unregisterKernel,
} from "@tensorflow/tfjs-core";
import { provideRecording } from "@tfblocks/tensor-utils/steps";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import type { FastKernel, KernelCall } from "./kernels/fast-kernel.js";
import type { Runtime } from "./runtime/runtime.js";
import { StepRecording } from "./steps/step-recording.js";

const backendName = "wasm";
const runtimes = new WeakMap<BackendWasm, Runtime>();
/** What was registered before our kernels; undefined where nothing was. */
const before = new Map<string, KernelConfig | undefined>();
const gradientsBefore = new Map<string, GradConfig | undefined>();

/** Makes our kernels on the runtime's backend use this runtime. */
export function attachRuntime(runtime: Runtime): void {
  runtimes.set(runtime.backend, runtime);
  provideRecording(runtime.backend, () => new StepRecording(runtime));
}

/** Registers exactly these kernels and gradients in place of those of tfjs, and restores all others. */
export function installKernels(kernels: readonly FastKernel[], gradients: readonly GradConfig[]): void {
  uninstallKernels();
  for (const kernel of kernels) installKernel(kernel);
  for (const gradient of gradients) installGradient(gradient);
}

/** The kernel of tfjs of this name, even while ours replaces it. */
export function stockKernel(kernelName: string): KernelConfig | undefined {
  return before.has(kernelName) ? before.get(kernelName) : getKernel(kernelName, backendName);
}

function installKernel(kernel: FastKernel): void {
  const { kernelName, takes, run } = kernel;
  const stock = getKernel(kernelName, backendName);
  if (!before.has(kernelName)) before.set(kernelName, stock); // if two of ours have one name, the later falls back on the earlier
  if (stock) unregisterKernel(kernelName, backendName);
  registerKernel({
    ...stock,
    kernelName,
    backendName,
    kernelFunc: (call) => {
      if (takes !== undefined && stock && !takes(call.inputs as never, call.attrs as never)) return stock.kernelFunc(call);
      const runStock = (inputs: object = call.inputs, attrs: object | undefined = call.attrs) =>
        runStockKernel(stock, kernelName, { ...call, inputs: inputs as never, attrs: attrs as never });
      const runtime = runtimes.get(call.backend as BackendWasm);
      if (runtime === undefined) return runStock();
      const ours: KernelCall<never> = { runtime, inputs: call.inputs as never, attrs: call.attrs as never, stock: runStock };
      const runNow = () => runtime.guarded(() => run(ours));
      return runtime.trace === undefined ? runNow() : runtime.trace.kernel(kernel, ours, runNow);
    },
  });
}

function runStockKernel(
  stock: KernelConfig | undefined,
  kernelName: string,
  call: Parameters<KernelConfig["kernelFunc"]>[0],
): TensorInfo | TensorInfo[] {
  if (stock) return stock.kernelFunc(call);
  throw new Error(`${kernelName}: the WASM backend has no kernel that takes this call`);
}

function installGradient(gradient: GradConfig): void {
  const { kernelName } = gradient;
  const stock = getGradient(kernelName);
  gradientsBefore.set(kernelName, stock);
  if (stock) unregisterGradient(kernelName);
  registerGradient(gradient);
}

function uninstallKernels(): void {
  for (const [kernelName, stock] of before) {
    unregisterKernel(kernelName, backendName);
    if (stock) registerKernel(stock);
  }
  for (const [kernelName, stock] of gradientsBefore) {
    unregisterGradient(kernelName);
    if (stock) registerGradient(stock);
  }
  before.clear();
  gradientsBefore.clear();
}
