import "@tensorflow/tfjs-backend-cpu";
import { engine, removeBackend, setBackend } from "@tensorflow/tfjs-core";
import { hasRelaxedSimd, setupWasm, type SetupWasmOptions, type WasmInfo } from "@tfblocks/wasm";

/** tfjs's WASM backend with our kernels: a twin of them, and so many threads. */
type FusedName = `wasm fused ${"plain" | "relaxed"}, ${"1 thread" | "2 threads"}`;

/** The backends that the suites run on: tfjs's own, and "wasm" with our kernels. */
export type BackendName = "cpu" | "wasm" | "webgl" | "webgpu" | FusedName;

const inBrowser = typeof window !== "undefined";
const isolated = !inBrowser || crossOriginIsolated;

const twins = hasRelaxedSimd() ? (["plain", "relaxed"] as const) : (["plain"] as const);
const threadCounts = isolated ? (["1 thread", "2 threads"] as const) : (["1 thread"] as const);

/** Each twin and thread count that this runtime has. */
export const fusedBackendNames: readonly FusedName[] = twins.flatMap((twin) =>
  threadCounts.map((threads) => `wasm fused ${twin}, ${threads}` as const),
);

/**
 * The backends to test in this runtime. The graphics ones need a browser, and are tested in the isolated one alone:
 * isolation changes nothing for them, while WASM gets threads by it.
 */
export const backendNames: readonly BackendName[] = [
  "cpu",
  "wasm",
  ...fusedBackendNames,
  ...(inBrowser && isolated ? (["webgl", "webgpu"] as const) : []),
];

/** Whether its tensors are in main memory, of which every byte can be counted. */
export function countsMemory(name: BackendName): boolean {
  return name !== "webgl" && name !== "webgpu";
}

/** Loads a backend and makes it the active one. */
export async function useBackend(name: BackendName): Promise<void> {
  if (isFused(name)) return useFused(name);
  if (name === "wasm") await loadWasm();
  if (name === "webgl") await import("@tensorflow/tfjs-backend-webgl");
  if (name === "webgpu") await import("@tensorflow/tfjs-backend-webgpu");
  if (!(await setBackend(name))) throw new Error(`useBackend: the ${name} backend did not start`);
}

let ours = false;

/** tfjs's own backend, or, once ours was started in its place, that with tfjs's own kernels. */
async function loadWasm(): Promise<void> {
  await import("@tensorflow/tfjs-backend-wasm");
  if (inBrowser) await import("./wasm-paths.js");
  if (ours) await startWasm({ threads: 1, kernels: "off" });
}

/** Starts afresh: what a test left in the backend would keep it as it is. */
async function useFused(name: FusedName): Promise<void> {
  if (engine().registryFactory["wasm"] !== undefined) removeBackend("wasm");
  const threads = name.endsWith("2 threads") ? 2 : 1;
  const info = await startWasm({ threads, relaxedSimd: name.includes("relaxed") });
  if (info.threads.got !== threads) throw new Error(`useBackend: ${name} got ${info.threads.got} threads (${info.refusals.join("; ")})`);
}

/** `setupWasm`, which in a browser is told where tfjs's files are. */
export async function startWasm(options: SetupWasmOptions = {}): Promise<WasmInfo> {
  ours = true;
  const paths = inBrowser ? { wasmPaths: (await import("./wasm-paths.js")).wasmPaths } : {};
  return setupWasm({ ...paths, ...options });
}

function isFused(name: BackendName): name is FusedName {
  return name.startsWith("wasm fused");
}
