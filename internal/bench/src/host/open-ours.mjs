import { ourOperations } from "./our-operations.mjs";

/** Sets up the backend `wasm` as a user would, and gathers the blocks that are timed. */
export async function openOurs({ tf, load, threads, wasmPaths }) {
  const { setupWasm } = await load("@tfblocks/wasm");
  const setup = await setupWasm({ threads, ...(wasmPaths && { wasmPaths }) });
  const { borrowed, embedding, Linear, linear, matmul, replaceParts, unsetRandom, walkParts } = await load("@tfblocks/tensor-utils");
  const { CapturedStep, liveTensor } = await load("@tfblocks/tensor-utils/steps");
  const { scaledDotProductAttention } = await load("@tfblocks/attention");
  const { GrowingCache } = await load("@tfblocks/attention/caches");
  const masks = await load("@tfblocks/masks");
  const { generate } = await load("@tfblocks/transformer/generate");
  const { packTexts } = await load("@tfblocks/transformer/encode");
  const { families } = await load("@tfblocks/transformer/models");
  const { quantize, QuantizedLinear, QuantizedMatrix } = await load("@tfblocks/quantization");
  const { ablateAll, analyzeText, tokenLosses } = await load("@tfblocks/analysis/models");
  const { toHtml } = await load("@tfblocks/analysis/pictures");
  const analysis = { ablateAll, analyzeText, tokenLosses, toHtml };
  const parts = { borrowed, CapturedStep, embedding, Linear, linear, liveTensor, matmul, replaceParts, unsetRandom, walkParts };
  const models = { families, packTexts, quantize, QuantizedLinear, QuantizedMatrix, generate, ...analysis };
  const blocks = { ...parts, ...models, scaledDotProductAttention, GrowingCache, masks, ...ourOperations(tf) };
  return { tf, blocks, load, setup };
}
