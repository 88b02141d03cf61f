import { elementwise } from "./contenders/elementwise.mjs";
import { crossEntropy } from "./contenders/stock-parts.mjs";

/** Sets up the backend `wasm` as a user would, and gathers the blocks that are timed. */
export async function openOurs({ tf, load, threads, wasmPaths }) {
  const { setupWasm } = await load("@tfblocks/wasm");
  const setup = await setupWasm({ threads, ...(wasmPaths && { wasmPaths }) });
  const { matmul, linear, embedding } = await load("@tfblocks/tensor-utils");
  const { scaledDotProductAttention } = await load("@tfblocks/attention");
  const { GrowingCache } = await load("@tfblocks/attention/caches");
  const masks = await load("@tfblocks/masks");
  const composed = { ...elementwise(tf), crossEntropy: crossEntropy(tf), adam: adam(tf) };
  const blocks = { matmul, linear, embedding, scaledDotProductAttention, GrowingCache, masks, ...composed };
  return { tf, blocks, setup };
}

const adam =
  (tf) =>
  ({ learningRate, beta1, beta2, epsilon }) =>
    tf.train.adam(learningRate, beta1, beta2, epsilon);
