import { setTimeout } from "node:timers/promises";
import { integers } from "../host/inputs.mjs";
import { load } from "../host/load.mjs";

/**
 * Asks a model with random weights about its heads and prints JSON: milliseconds, the most bytes that the process held beyond those
 * that it held with the model, and by which the heap of the WASM backend grew.
 *
 * node --expose-gc analysis.mjs QUESTION SPEC, with a question of the table below and the sizes of the model and the text as JSON
 */
const [question, json] = process.argv.slice(2);
const { layers, heads, dModel, hiddenDim, vocabSize, tokens } = JSON.parse(json);
const tf = await load("@tensorflow/tfjs-core");
await (await load("@tfblocks/wasm")).setupWasm({ threads: 1 });
const { gpt2 } = await load("@tfblocks/transformer/models");
const { analyzeText, watchAttention } = await load("@tfblocks/analysis/models");
const { toHtml } = await load("@tfblocks/analysis/pictures");

const model = gpt2({ numLayers: layers, numHeads: heads, dModel, hiddenDim, vocabSize, maxLength: tokens });
const ids = Array.from(integers(1, tokens, vocabSize));
const batch = tf.tensor(ids, [1, tokens], "int32");

const questions = {
  async watch() {
    const watched = watchAttention(model, (each) => void each.hidden(batch));
    for (const part of watched.parts) await watched.summary(part);
    watched.dispose();
  },
  async report() {
    toHtml(await analyzeText(model, { text: { ids, tokens: ids.map(String) } }));
  },
};

globalThis.gc();
await setTimeout(100);
const heapBytes = () => tf.backend().wasm.HEAPU8.length;
const [before, heap] = [process.memoryUsage.rss(), heapBytes()];
const start = performance.now();
await questions[question]();
const ms = performance.now() - start;
const peak = process.resourceUsage().maxRSS * 1024 - before; // the most since the process began, in KiB
process.stdout.write(JSON.stringify({ ms, peak, heapGrowth: heapBytes() - heap }));
process.exit(); // threads of the backend would keep it alive
