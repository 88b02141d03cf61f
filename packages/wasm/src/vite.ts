import type { Plugin, UserConfig } from "vite";
import { withoutScriptDirectory } from "./vite/script-directory.js";
import { servedPaths } from "./vite/served-paths.js";

/** Options of the plugin. */
export interface TfblocksWasmOptions {
  /** Whether the servers of `vite` and `vite preview` send the headers that threads require; default true. */
  readonly isolate?: boolean;
}

/** With both headers a document is cross-origin isolated, which shared memory and therefore threads require. */
const isolation = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };
const name = "tfblocks-wasm";

/**
 * The Vite plugin of `setupWasm`, for Vite 7 and 8, in development, in production builds and under any base path: serves the
 * wasm files of TensorFlow.js at known URLs, sends the headers of cross-origin isolation, and keeps one copy of tfjs-core.
 * It does the same for workers, and makes the threads of TensorFlow.js itself work in minified builds.
 *
 * In production your server must send the headers.
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
      if (id.startsWith("\0")) return undefined; // modules that other plugins derive, for example CommonJS exports
      const changed = servedPaths(id) ?? withoutScriptDirectory(code, id);
      return changed === undefined ? undefined : { code: changed, map: null };
    },
  };
}

/** This package must pass through `transform`, so it is not prebundled; the scripts that it imports are not modules and are. */
const prebundling: NonNullable<UserConfig["optimizeDeps"]> = {
  exclude: ["@tfblocks/wasm"],
  include: [
    "@tensorflow/tfjs-core",
    "@tensorflow/tfjs-backend-wasm",
    "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.js",
    "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js",
  ],
};

/** Vite builds workers with a separate list of plugins. */
function inWorkers({ worker }: UserConfig, isolate: boolean): () => Plugin[] {
  const others = worker?.plugins;
  return () => [...((others?.() ?? []) as Plugin[]).filter((plugin) => plugin.name !== name), tfblocksWasm({ isolate })];
}
