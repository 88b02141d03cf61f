import { defaultClientConditions, defineConfig } from "vite";
import { tfjsWasmThreads } from "./vite/tfjs-wasm-threads.js";

// Both on the document make it cross-origin isolated, which shared memory and so threads ask for.
const crossOriginIsolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

export default defineConfig({
  base: "./",
  plugins: [tfjsWasmThreads()],
  worker: { format: "es", plugins: () => [tfjsWasmThreads()] },
  resolve: {
    conditions: ["@tfblocks/source", ...defaultClientConditions],
    dedupe: ["@tensorflow/tfjs-core"],
  },
  // Pre-bundled, the backend would miss the plugin.
  optimizeDeps: { exclude: ["@tensorflow/tfjs-backend-wasm"] },
  build: { target: "es2022", assetsInlineLimit: 0 },
  server: { headers: crossOriginIsolation },
  preview: { headers: crossOriginIsolation },
});
