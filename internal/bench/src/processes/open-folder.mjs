import { setTimeout } from "node:timers/promises";
import { load } from "../host/load.mjs";

/**
 * Opens a Hugging Face folder and prints JSON: milliseconds, and the most bytes that the process held beyond those before, and by which the heap of the
 * WASM backend grew.
 *
 * node --expose-gc open-folder.mjs FOLDER BACKEND
 */
const [folder, backend] = process.argv.slice(2);
const tf = await load("@tensorflow/tfjs-core");
if (backend === "wasm") await (await load("@tfblocks/wasm")).setupWasm({ threads: 1 });
else {
  await load("@tensorflow/tfjs-backend-cpu");
  await tf.setBackend(backend);
}
const { loadFolder } = await load("@tfblocks/transformer/hugging-face/node");
tf.dispose(tf.tensor1d([1])); // sets the backend up

const heapBytes = () => tf.backend().wasm?.HEAPU8.length ?? 0;
globalThis.gc();
await setTimeout(100);
const [before, heap] = [process.memoryUsage.rss(), heapBytes()];
const start = performance.now();
const { model } = await loadFolder(folder);
const ms = performance.now() - start;
const peak = process.resourceUsage().maxRSS * 1024 - before; // the most since the process began, in KiB
process.stdout.write(
  `${JSON.stringify({ ms, peak, heapGrowth: heapBytes() - heap, parameters: Object.keys(model.parameters()).length })}\n`,
);
process.exit(); // threads of the backend would keep it alive
