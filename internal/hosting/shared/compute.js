import * as tf from "@tensorflow/tfjs-core";
import { multiHeadAttention, scaledDotProductAttention } from "@tfblocks/attention";
import { setupWasm } from "@tfblocks/wasm";

const tokens = 8;
const width = 4;
const indices = (count) => [...Array(count).keys()];
const sum = (values) => values.reduce((total, value) => total + value, 0);
const numbers = (seed) => indices(tokens * width).map((index) => Math.sin(seed + index * 1.3));

/** Attention of one head in plain loops. */
function attend(query, key, value) {
  const score = (row, other) => sum(indices(width).map((at) => query[row * width + at] * key[other * width + at]));
  return indices(tokens * width).map((cell) => {
    const [row, column] = [Math.floor(cell / width), cell % width];
    const weights = indices(tokens).map((other) => Math.exp(score(row, other) / Math.sqrt(width)));
    return sum(weights.map((weight, other) => weight * value[other * width + column])) / sum(weights);
  });
}

function largestError() {
  const inputs = [1, 2, 3].map(numbers);
  const output = scaledDotProductAttention(...inputs.map((each) => tf.tensor(each, [1, 1, tokens, width])));
  const values = ("output" in output ? output.output : output).dataSync();
  return Math.max(...attend(...inputs).map((expected, index) => Math.abs(expected - values[index])));
}

function train() {
  const attention = multiHeadAttention({ dModel: 16, numHeads: 2 });
  const x = tf.randomNormal([2, 64, 16], 0, 1, "float32", 1);
  const loss = () => tf.mean(tf.square(attention.apply(x, x, x).output));
  const before = tf.train.sgd(0.1).minimize(loss, true).dataSync()[0];
  return { before, after: loss().dataSync()[0] };
}

/** Everything the test asks for. */
export async function compute(options) {
  const info = await setupWasm({ threads: 2, ...options });
  return { info, error: largestError(), ...train() };
}
