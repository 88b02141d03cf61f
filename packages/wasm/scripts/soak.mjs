// Runs the built packages for some minutes: attention, feed-forward layers, embeddings, convolutions and steps of Adam with
// random sizes, forward and backward, each twice. Fails when the two results differ in a bit, when the number of tensors or
// buffers grows, when the heap grows in the second half, or when a worker dies.
//
//   node packages/wasm/scripts/soak.mjs --minutes 10 --threads 2
import { parseArgs } from "node:util";
import * as tf from "@tensorflow/tfjs-core";
import { scaledDotProductAttention } from "@tfblocks/attention";
import * as masks from "@tfblocks/masks";
import { embedding, Linear, Random } from "@tfblocks/tensor-utils";
import { setupWasm } from "@tfblocks/wasm";

const { values: options } = parseArgs({
  options: { minutes: { type: "string", default: "10" }, threads: { type: "string", default: "2" } },
});
const minutes = Number(options.minutes);
const threads = Number(options.threads);

/** Seeded choices; with `largest` the maximum of each, which first grows the heap to its full size. */
function chooser(seed, largest) {
  let state = seed;
  const uniform = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const integer = (low, high) => (largest ? high : low + Math.floor(uniform() * (high - low + 1)));
  const tensor = (...shape) =>
    tf.tensor(
      Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => uniform() - 0.5),
      shape,
    );
  return { integer, tensor, uniform, random: new Random(seed) };
}

const total = (...tensors) => tf.addN(tensors.map((tensor) => tf.sum(tensor)));

/** Each workload returns a scalar and runs inside a tidy. */
const works = {
  attention({ integer, tensor, uniform }) {
    const [batch, heads, length, headDim] = [integer(1, 2), integer(1, 4), integer(1, 600), 8 * integer(1, 8)];
    const inputs = [1, 2, 3].map(() => tensor(batch, heads, length, headDim));
    const mask = uniform() < 0.5 ? masks.causal() : undefined;
    return total(...tf.grads((q, k, v) => tf.sum(tf.square(scaledDotProductAttention(q, k, v, { mask }).output)))(inputs));
  },

  feedForward({ integer, tensor, random }) {
    const [rows, inFeatures, hidden] = [integer(1, 600), integer(1, 256), integer(1, 900)];
    const up = new Linear({ inFeatures, outFeatures: hidden, random });
    const down = new Linear({ inFeatures: hidden, outFeatures: inFeatures, random });
    const loss = (x) => tf.mean(tf.square(down.apply(tf.relu(up.apply(x)))));
    const { value, grads } = tf.variableGrads(() => loss(tensor(1, rows, inFeatures)));
    for (const block of [up, down]) block.dispose();
    return total(value, ...Object.values(grads));
  },

  embedding({ integer, tensor, uniform }) {
    const [rows, width, length] = [integer(1, 9000), integer(1, 256), integer(1, 900)];
    const ids = tf.tensor1d(
      Int32Array.from({ length }, () => Math.floor(uniform() * rows)),
      "int32",
    );
    const table = tensor(rows, width);
    const [ours, theirs] = [(at) => embedding(at, ids), (at) => tf.gather(at, ids)];
    return total(...[ours, theirs].map((lookUp) => tf.grad((at) => tf.sum(tf.square(lookUp(at))))(table)));
  },

  convolution({ integer, tensor }) {
    const [length, inChannels, outChannels] = [integer(4, 200), integer(1, 30), integer(1, 40)];
    const inputs = [tensor(2, length, inChannels), tensor(3, inChannels, outChannels)];
    return total(...tf.grads((x, filter) => tf.sum(tf.square(tf.conv1d(x, filter, integer(1, 2), "same"))))(inputs));
  },

  einsum({ integer, tensor }) {
    const [batch, rows, inner] = [integer(1, 8), integer(1, 100), integer(1, 100)];
    const inputs = [tensor(batch, rows, inner), tensor(inner, rows)];
    return total(...tf.grads((a, b) => tf.sum(tf.sqrt(tf.add(tf.square(tf.einsum("bij,jk->bik", a, b)), 1))))(inputs));
  },
};

async function compute(name, seed, largest) {
  const result = tf.tidy(() => works[name](chooser(seed, largest)));
  const [number] = await result.data();
  result.dispose();
  return number;
}

async function step(index, largest = false) {
  const names = Object.keys(works);
  for (const name of largest ? names : [names[index % names.length]]) {
    const [first, second] = [await compute(name, index, largest), await compute(name, index, largest)];
    if (!Number.isFinite(first) || first !== second) throw new Error(`${name}, seed ${index}: ${first}, then ${second}`);
  }
  optimizer.minimize(() => tf.sum(tf.square(tf.softmax(trained))), false, [trained]);
}

const heapBytes = () => tf.backend().wasm.HEAPU8.byteLength;
const counts = () => ({ tensors: tf.memory().numTensors, dataIds: tf.backend().numDataIds() });

async function report(index) {
  const { tensors, dataIds } = counts();
  const info = await setupWasm({ threads });
  console.log(`step ${index}  heap ${heapBytes()} B  tensors ${tensors}  dataIds ${dataIds}  threads ${info.threads.got}`);
  return info;
}

const { threads: atStart } = await setupWasm({ threads });
const trained = tf.variable(tf.ones([50, 60]));
const optimizer = tf.train.adam(0.001);
await step(0, true);
const start = counts();
const began = performance.now();
const elapsed = () => (performance.now() - began) / 60_000;
let [index, nextReport, halfHeap] = [1, 0, heapBytes()];
while (elapsed() < minutes) {
  await step(index++);
  if (elapsed() < minutes / 2) halfHeap = heapBytes();
  if (performance.now() < nextReport) continue;
  nextReport = performance.now() + 10_000;
  await report(index);
}
const { threads: atEnd, refusals } = await report(index);
const end = counts();
const checks = {
  "tensors and dataIds flat": end.tensors === start.tensors && end.dataIds === start.dataIds,
  "heap flat in the second half": heapBytes() === halfHeap,
  "no worker died": atEnd.got === atStart.got,
};
for (const [name, passed] of Object.entries(checks)) console.log(`${passed ? "yes" : "NO "}  ${name}`);
for (const refusal of refusals) console.log(refusal);
process.exit(Object.values(checks).every(Boolean) ? 0 : 1);
