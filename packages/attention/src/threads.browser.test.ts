import { env, findBackendFactory, grads, registerBackend, removeBackend, sum, type Tensor } from "@tensorflow/tfjs-core";
import * as masks from "@tfblocks/masks";
import "@tfblocks/tensor-utils/gradients";
import { randomTensor, useBackend } from "@tfblocks/testkit";
import { getThreadsCount, setThreadsCount } from "@tensorflow/tfjs-backend-wasm";
import { describe, expect, it, vi } from "vitest";
import { scaledDotProductAttention } from "./scaled-dot-product-attention.js";

/** Starts tfjs's WASM backend afresh with so many threads. Half of the cores is the most that it takes. */
async function useThreads(count: number): Promise<void> {
  const factory = findBackendFactory("wasm");
  removeBackend("wasm");
  Object.defineProperty(navigator, "hardwareConcurrency", { value: 4, configurable: true });
  env().set("WASM_HAS_MULTITHREAD_SUPPORT", count > 1);
  setThreadsCount(count);
  registerBackend("wasm", factory);
  await useBackend("wasm");
  if (count > 1) expect(getThreadsCount()).toBe(count);
}

/** Output and gradients of one causal call, large enough for tfjs to use several threads. */
async function attended(): Promise<Float32Array[]> {
  const inputs = [1, 2, 3].map((seed) => randomTensor([1, 1, 130, 48], seed));
  const [query, key, value] = inputs as [Tensor, Tensor, Tensor];
  const { output } = scaledDotProductAttention(query, key, value, { mask: masks.causal() });
  const gradients = grads(
    (...at: Tensor[]) => sum(scaledDotProductAttention(at[0]!, at[1]!, at[2]!, { mask: masks.causal() }).output) as Tensor,
  )(inputs);
  const results = await Promise.all([output, ...gradients].map(async (each) => (await each.data()) as Float32Array));
  for (const each of [...inputs, output, ...gradients]) each.dispose();
  return results;
}

describe.runIf(crossOriginIsolated)("attention with threads", () => {
  it("gives the same bits with two threads as with one", async () => {
    vi.spyOn(console, "warn").mockImplementation(() => {}); // Emscripten warns about waiting for threads on the main thread
    await useBackend("wasm");
    await useThreads(2);
    const shared = await attended();
    await useThreads(1);
    expect(await attended()).toEqual(shared);
  });
});
