import { defaultClientConditions, defineConfig } from "vite";
import { tfjsWasmThreads } from "./src/build/tfjs-wasm-threads.js";

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
  // The worker asks for these only once it runs; found then, they would reload the page.
  optimizeDeps: {
    include: ["@tensorflow/tfjs-core", "@tensorflow/tfjs-core/dist/register_all_gradients.js", "@tensorflow/tfjs-backend-wasm", "comlink"],
  },
  build: { target: "es2022", assetsInlineLimit: 0 },
  server: { headers: crossOriginIsolation },
  preview: { headers: crossOriginIsolation },
});
