// One gradient through tensor-utils on tfjs's own WASM backend.
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-wasm";
import "@tfblocks/tensor-utils/gradients";
import { embedding, matmul } from "@tfblocks/tensor-utils";

await tf.setBackend("wasm");
const table = tf.tensor2d([
  [1, 2],
  [3, 4],
]);
const weight = tf.tensor2d([
  [1, 0],
  [2, 5],
]);
const ids = tf.tensor1d([1, 1, 0], "int32");
const gradient = tf.grad((rows) => tf.sum(matmul(embedding(rows, ids), weight)))(table);
console.log(JSON.stringify([...gradient.dataSync()]));
