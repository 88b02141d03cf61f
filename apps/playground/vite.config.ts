import { tfblocksWasm } from "@tfblocks/wasm/vite";
import { defaultClientConditions, defineConfig } from "vite";
import { licenses } from "./plugins/licenses.js";
import { modelIndex } from "./plugins/model-index.js";
import { serviceWorker } from "./plugins/service-worker.js";
import { sizeLimit } from "./plugins/size-limit.js";

/** Instead of a licence above each module, licenses.txt has each once. */
const rolldownOptions = { output: { comments: { legal: false } } };
const { page, worker } = licenses();
/** What three parts of the worker share is one file: fewer bytes and fewer requests than a file for each. */
const workerOptions = { output: { ...rolldownOptions.output, advancedChunks: { groups: [{ name: "shared", minShareCount: 3 }] } } };

export default defineConfig({
  base: "./",
  plugins: [tfblocksWasm(), modelIndex(), page, serviceWorker(), sizeLimit()],
  worker: { format: "es", plugins: () => [worker()], rolldownOptions: workerOptions },
  resolve: { conditions: ["@tfblocks/source", ...defaultClientConditions] },
  // The worker imports these after it has started. Without this list Vite would find them late and reload the page.
  optimizeDeps: { include: ["@tensorflow/tfjs-core/dist/register_all_gradients.js", "comlink"] },
  build: { target: "es2022", assetsInlineLimit: 0, rolldownOptions },
});
