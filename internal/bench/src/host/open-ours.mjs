import { ourOperations } from "./our-operations.mjs";

/** Sets up the backend `wasm` as a user would, and gathers the blocks that are timed. */
export async function openOurs({ tf, load, threads, wasmPaths }) {
  const { setupWasm } = await load("@tfblocks/wasm");
  const setup = await setupWasm({ threads, ...(wasmPaths && { wasmPaths }) });
  const { borrowed, embedding, Linear, linear, matmul, replaceParts } = await load("@tfblocks/tensor-utils");
  const { scaledDotProductAttention } = await load("@tfblocks/attention");
  const { GrowingCache } = await load("@tfblocks/attention/caches");
  const masks = await load("@tfblocks/masks");
  const { generate } = await load("@tfblocks/transformer/generate");
  const { gpt2, t5 } = await load("@tfblocks/transformer/models");
  const { ablateAll, analyzeText, headsIn, tokenLosses } = await load("@tfblocks/analysis/models");
  const { toHtml } = await load("@tfblocks/analysis/pictures");
  const analysis = { ablateAll, analyzeText, headsIn, tokenLosses, toHtml };
  const parts = { ...analysis, generate, borrowed, Linear, replaceParts };
  const blocks = { ...parts, matmul, linear, embedding, scaledDotProductAttention, GrowingCache, masks, gpt2, t5, ...ourOperations(tf) };
  return { tf, blocks, load, setup };
}
