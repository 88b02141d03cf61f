import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import { engine, findBackendFactory, getKernel, registerBackend, removeBackend, setBackend } from "@tensorflow/tfjs-core";

// Read once in a process, before anything can take its place.
const stockWasm = findBackendFactory("wasm");
const { priority } = engine().registryFactory["wasm"]!;

/** Makes "cpu" the active backend, and "wasm" tfjs's own, not started: test files may share a process. */
export async function freshBackends(): Promise<void> {
  const hasOurKernels = getKernel("FusedAttention", "wasm") !== undefined;
  if (hasOurKernels) await removeOurKernels();
  await setBackend("cpu");
  if (findBackendFactory("wasm") !== null) removeBackend("wasm");
  registerBackend("wasm", stockWasm, priority);
}

async function removeOurKernels(): Promise<void> {
  const { startWasm } = await import("./backends.js");
  await startWasm({ threads: 1, kernels: "off" });
}
