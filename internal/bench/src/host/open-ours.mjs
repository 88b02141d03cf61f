import { elementwise } from "./contenders/elementwise.mjs";
import { crossEntropy } from "./contenders/stock-parts.mjs";

/** Sets up the backend `wasm` as a user would, and gathers the blocks that are timed. */
export async function openOurs({ tf, load }) {
  await load("@tensorflow/tfjs-backend-wasm");
  await tf.setBackend("wasm");
  await load("@tfblocks/tensor-utils/gradients");
  const { matmul, linear, embedding } = await load("@tfblocks/tensor-utils");
  const { scaledDotProductAttention } = await load("@tfblocks/attention");
  const { GrowingCache } = await load("@tfblocks/attention/caches");
  const masks = await load("@tfblocks/masks");
  const composed = { ...elementwise(tf), crossEntropy: crossEntropy(tf), adam: adam(tf) };
  const blocks = { matmul, linear, embedding, scaledDotProductAttention, GrowingCache, masks, ...composed };
  return { tf, blocks, info: { kernels: "off" } };
}

const adam =
  (tf) =>
  ({ learningRate, beta1, beta2, epsilon }) =>
    tf.train.adam(learningRate, beta1, beta2, epsilon);
