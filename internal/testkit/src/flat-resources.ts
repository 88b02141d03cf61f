import { backend, memory } from "@tensorflow/tfjs-core";
import { expect } from "vitest";

/** What a leak would raise: tensor handles, buffers, and bytes of the WASM heap (0 on other backends). */
export interface Resources {
  readonly tensors: number;
  readonly dataIds: number;
  readonly heapBytes: number;
}

/** The resources in use now. */
export function resources(): Resources {
  const active = backend() as unknown as { numDataIds(): number; wasm?: { HEAPU8: Uint8Array } };
  return { tensors: memory().numTensors, dataIds: active.numDataIds(), heapBytes: active.wasm?.HEAPU8.buffer.byteLength ?? 0 };
}

/**
 * Asserts that many calls leave every resource where it was. A call that throws counts too: its error is swallowed.
 * The first tenth warms the heap up.
 */
export function expectFlatResources(call: (index: number) => void, times = 1000): void {
  const run = (from: number, to: number) => {
    for (let index = from; index < to; index++) {
      try {
        call(index);
      } catch {
        // The error itself is another test's concern.
      }
    }
  };
  const start = resources();
  run(0, Math.ceil(times / 10));
  const { heapBytes } = resources();
  run(Math.ceil(times / 10), times);
  expect(resources()).toEqual({ ...start, heapBytes });
}
