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
  for (const name of ["webgl", "webgpu"]) releaseGraphics(name);
  if (findBackendFactory("wasm") !== null) removeBackend("wasm");
  registerBackend("wasm", stockWasm, priority);
}

async function removeOurKernels(): Promise<void> {
  const { startWasm } = await import("./backends.js");
  await startWasm({ threads: 1, kernels: "off" });
}

/** What frees everything that a graphics backend of tfjs has on the GPU; the backend itself keeps its shaders. */
interface GraphicsContext {
  readonly gpgpu?: { readonly gl: WebGLRenderingContext };
  readonly device?: { destroy(): void };
}

/** Ends a graphics backend, which starts again when it is used: the shaders of many files exhaust the GPU process. */
function releaseGraphics(name: string): void {
  const factory = findBackendFactory(name);
  if (factory === null) return;
  const { priority: own } = engine().registryFactory[name]!;
  const context = engine().registry[name] as GraphicsContext | undefined;
  removeBackend(name);
  context?.gpgpu?.gl.getExtension("WEBGL_lose_context")?.loseContext();
  context?.device?.destroy();
  registerBackend(name, factory, own);
}
