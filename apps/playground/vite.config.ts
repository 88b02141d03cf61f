import { tfblocksWasm } from "@tfblocks/wasm/vite";
import { modelIndex } from "./model-index.js";
import { defaultClientConditions, defineConfig } from "vite";

export default defineConfig({
  base: "./",
  plugins: [tfblocksWasm(), modelIndex()],
  worker: { format: "es" },
  resolve: { conditions: ["@tfblocks/source", ...defaultClientConditions] },
  // The worker imports these after it has started. Without this list Vite would find them late and reload the page.
  optimizeDeps: { include: ["@tensorflow/tfjs-core/dist/register_all_gradients.js", "comlink"] },
  build: { target: "es2022", assetsInlineLimit: 0 },
});
