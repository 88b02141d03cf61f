import "@tensorflow/tfjs-backend-cpu";
import { setBackend } from "@tensorflow/tfjs-core";

/** The tfjs backends that the suites run on. */
export type BackendName = "cpu" | "wasm" | "webgl" | "webgpu";

const inBrowser = typeof window !== "undefined";

/**
 * The backends to test in this runtime. The graphics ones need a browser, and are tested in the isolated one alone:
 * isolation changes nothing for them, while WASM gets threads by it.
 */
export const backendNames: readonly BackendName[] = inBrowser && crossOriginIsolated ? ["cpu", "wasm", "webgl", "webgpu"] : ["cpu", "wasm"];

const load: Record<BackendName, () => Promise<unknown>> = {
  cpu: async () => {},
  wasm: async () => {
    await import("@tensorflow/tfjs-backend-wasm");
    if (inBrowser) await import("./wasm-paths.js");
  },
  webgl: () => import("@tensorflow/tfjs-backend-webgl"),
  webgpu: () => import("@tensorflow/tfjs-backend-webgpu"),
};

/** Loads a backend and makes it the active one. */
export async function useBackend(name: BackendName): Promise<void> {
  await load[name]();
  if (!(await setBackend(name))) throw new Error(`useBackend: the ${name} backend did not start`);
}
