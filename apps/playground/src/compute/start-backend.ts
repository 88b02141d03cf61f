import { getThreadsCount, setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import plain from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url";
import simd from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url";
import threadedSimd from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url";
import { enableProdMode, env, getBackend, ready, setBackend } from "@tensorflow/tfjs-core";
import type { BackendStatus } from "./backend-status.js";

/** Whether to try threads; a client that lost patience with them asks again without. */
export interface StartOptions {
  readonly threads: boolean;
}

/** Starts tfjs's WASM backend in this worker; with threads it may never settle, so the caller keeps a clock. */
export async function startBackend({ threads }: StartOptions): Promise<BackendStatus> {
  enableProdMode();
  setWasmPaths({
    "tfjs-backend-wasm.wasm": plain,
    "tfjs-backend-wasm-simd.wasm": simd,
    "tfjs-backend-wasm-threaded-simd.wasm": threadedSimd,
  });
  const isolated = globalThis.crossOriginIsolated;
  if (!threads || !isolated) env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  if (!(await setBackend("wasm"))) throw new Error("The WebAssembly backend did not start in this browser.");
  await ready();
  return {
    backend: getBackend(),
    simd: (await env().getAsync("WASM_HAS_SIMD_SUPPORT")) as boolean,
    threads: Math.max(1, getThreadsCount()),
    cores: navigator.hardwareConcurrency,
    isolated,
    fellBack: !threads,
  };
}
