import "@tensorflow/tfjs-backend-cpu";
import { engine, getKernel, removeBackend, setBackend } from "@tensorflow/tfjs-core";
import { FusedAttention } from "@tfblocks/tensor-utils/kernels";
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

/** Whether everything runs that can: see `npm test -- --full`. */
const full = import.meta.env["TFBLOCKS_FULL"] === "1";

/** The graphics backends need a browser, and are tested in the isolated one alone: isolation changes nothing for them. */
const graphicsNames = inBrowser && isolated ? (["webgl", "webgpu"] as const) : [];

/** The backends that recorded results of other libraries are compared on: each that can differ in this runtime. */
export const conformanceBackendNames: readonly BackendName[] = [
  ...(inBrowser ? [] : (["cpu", "wasm"] as const)),
  ...fusedBackendNames,
  ...graphicsNames,
];

/**
 * The backends to test in this runtime. A browser does not repeat tfjs's own "cpu" and "wasm", since its engine is the one of
 * Node.js; "webgpu", whose shaders take minutes to compile, is for the full matrix.
 */
export const backendNames: readonly BackendName[] = conformanceBackendNames.filter((name) => full || name !== "webgpu");

/** Whether its tensors are in main memory, of which every byte can be counted. */
export function countsMemory(name: BackendName): boolean {
  return !isGraphics(name);
}

/** Loads a backend and makes it the active one. */
export async function useBackend(name: BackendName): Promise<void> {
  if (isFused(name)) return useFused(name);
  if (name === "wasm") await loadWasm();
  if (name === "webgl") await import("@tensorflow/tfjs-backend-webgl");
  if (name === "webgpu") await import("@tensorflow/tfjs-backend-webgpu");
  if (isGraphics(name)) engine().registryFactory[name]!.priority = 0; // tfjs must not choose it by itself when another ends
  if (!(await setBackend(name))) throw new Error(`useBackend: the ${name} backend did not start`);
}

/** tfjs's own backend, or, once ours was started in its place, that with tfjs's own kernels. */
async function loadWasm(): Promise<void> {
  await import("@tensorflow/tfjs-backend-wasm");
  if (inBrowser) await import("./wasm-paths.js");
  if (hasOurKernels()) await startWasm({ threads: 1, kernels: "off" });
}

/** Whether our kernels stand in tfjs's registry. */
function hasOurKernels(): boolean {
  return getKernel(FusedAttention, "wasm") !== undefined;
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
  const paths = inBrowser ? { wasmPaths: (await import("./wasm-paths.js")).wasmPaths } : {};
  return setupWasm({ ...paths, ...options });
}

function isGraphics(name: BackendName): boolean {
  return name === "webgl" || name === "webgpu";
}

function isFused(name: BackendName): name is FusedName {
  return name.startsWith("wasm fused");
}
