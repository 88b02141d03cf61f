// Runs in an empty project that holds the published files only: self-attention on wasm, then one step of training.
import assert from "node:assert/strict";
import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import "@tfblocks/tensor-utils/gradients";
import { multiHeadAttention } from "@tfblocks/attention";
import * as masks from "@tfblocks/masks";

for (const name of ["tensor-utils", "masks", "attention", "analysis"]) {
  assert.ok(Object.keys(await import(`@tfblocks/${name}`)).length > 0, `@tfblocks/${name} exports nothing`);
}

assert.ok(await tf.setBackend("wasm"), "the wasm backend did not start");

const attention = multiHeadAttention({ dModel: 8, numHeads: 2 });
const x = tf.randomNormal([1, 4, 8], 0, 1, "float32", 1);
const attend = () => attention.apply(x, x, x, { mask: masks.causal() });

const { output, weights } = attend();
assert.deepEqual(output.shape, [1, 4, 8]);
assert.deepEqual(weights.shape, [1, 2, 4, 4]);
assert.equal(
  tf
    .slice(weights, [0, 0, 0, 1], [1, 2, 1, 3])
    .dataSync()
    .some((weight) => weight !== 0),
  false,
  "the first query sees the future",
);

const loss = () => tf.mean(tf.square(attend().output));
const optimizer = tf.train.sgd(0.1);
const before = optimizer.minimize(loss, true).dataSync()[0];
const after = loss().dataSync()[0];
assert.ok(after < before, `one step must lower the loss, got ${before} -> ${after}`);
