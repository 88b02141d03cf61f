import type { Plugin, UserConfig } from "vite";
import { withoutScriptDirectory } from "./vite/script-directory.js";
import { servedPaths } from "./vite/served-paths.js";

/** How the plugin sets up Vite. */
export interface TfblocksWasmOptions {
  /** Whether the servers of `vite` and `vite preview` send the headers without which there are no threads; default true. */
  readonly isolate?: boolean;
}

/** Both on the document make it cross-origin isolated, which shared memory and so threads ask for. */
const isolation = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };
const name = "tfblocks-wasm";

/**
 * What `setupWasm` needs of Vite 7 and 8, in development, in production builds and under any base path: the wasm files
 * of TensorFlow.js at URLs that it knows, the headers of cross-origin isolation, and one copy of tfjs-core. Workers get
 * the same. TensorFlow.js's own threads, where somebody starts those instead, survive minifiers too.
 *
 * A server of your own has to send the headers in production.
 */
export function tfblocksWasm({ isolate = true }: TfblocksWasmOptions = {}): Plugin {
  return {
    name,
    enforce: "pre",
    config: (config) => ({
      resolve: { dedupe: ["@tensorflow/tfjs-core"] },
      optimizeDeps: prebundling,
      worker: { plugins: inWorkers(config, isolate) },
      ...(isolate && { server: { headers: isolation }, preview: { headers: isolation } }),
    }),
    transform(code, id) {
      if (id.startsWith("\0")) return undefined; // what other plugins make of a module, such as its CommonJS exports
      const changed = servedPaths(id) ?? withoutScriptDirectory(code, id);
      return changed === undefined ? undefined : { code: changed, map: null };
    },
  };
}

/** This package passes through `transform`, so it stays out of the bundle; the scripts that it imports are not modules. */
const prebundling: NonNullable<UserConfig["optimizeDeps"]> = {
  exclude: ["@tfblocks/wasm"],
  include: [
    "@tensorflow/tfjs-core",
    "@tensorflow/tfjs-backend-wasm",
    "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.js",
    "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js",
  ],
};

/** Vite builds workers with plugins of their own. */
function inWorkers({ worker }: UserConfig, isolate: boolean): () => Plugin[] {
  const others = worker?.plugins;
  return () => [...((others?.() ?? []) as Plugin[]).filter((plugin) => plugin.name !== name), tfblocksWasm({ isolate })];
}
