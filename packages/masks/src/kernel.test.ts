import type { FusedAttentionMask } from "@tfblocks/tensor-utils";
import fc from "fast-check";
import { expect, it } from "vitest";
import * as masks from "./index.js";
import { kernelMask } from "./kernel.js";
import { type Case, cellsOf, compositionArbitrary } from "./testing/arbitraries.js";

/** Reads a cell as a kernel does, at positions within the call. */
function reader({ batch, heads, blockSize, states, cells }: FusedAttentionMask, { queryLength, keyLength }: masks.MaskSizes) {
  const [rows, columns] = [Math.ceil(queryLength / blockSize.query), Math.ceil(keyLength / blockSize.key)];
  return (b: number, h: number, q: number, k: number): boolean => {
    const map = (batch === 1 ? 0 : b) * heads + (heads === 1 ? 0 : h);
    const block = (map * rows + Math.floor(q / blockSize.query)) * columns + Math.floor(k / blockSize.key);
    if (states[block] !== masks.blockStates.partial) return states[block] === masks.blockStates.full;
    const before = states.subarray(0, block).filter((state) => state === masks.blockStates.partial).length;
    return cells[(before * blockSize.query + (q % blockSize.query)) * blockSize.key + (k % blockSize.key)] === 1;
  };
}

function expectSameCells({ mask, sizes, oracle }: Case): void {
  const open = reader(kernelMask(mask, sizes), sizes);
  const { queryOffset, keyOffset } = sizes;
  for (const [b, h, q, k] of cellsOf(mask, sizes)) expect(open(b, h, q - queryOffset, k - keyOffset)).toBe(oracle(b, h, q, k));
}

it("says of every cell what the mask says", () => {
  fc.assert(fc.property(compositionArbitrary, expectSameCells));
});

it("says so of masks of many blocks", () => {
  const sizes = { batch: 1, heads: 1, queryLength: 150, keyLength: 200, queryOffset: 50, keyOffset: 0 };
  const mask = masks.and(masks.causal(), masks.lastN(70));
  expectSameCells({ mask, sizes, oracle: (_b, _h, q, k) => k <= q && k > q - 70 });
  const { states } = kernelMask(mask, sizes);
  expect(states.filter((state) => state === masks.blockStates.empty).length).toBeGreaterThan(2);
});

it("remembers its answer for a mask and its extent", () => {
  const [mask, sizes] = [masks.causal(), { queryLength: 70, keyLength: 70 }];
  expect(kernelMask(mask, sizes)).toBe(kernelMask(mask, { ...sizes }));
  expect(kernelMask(mask, { ...sizes, queryOffset: 1 })).not.toBe(kernelMask(mask, sizes));
});

it("refuses what is no mask, and sizes that contradict it", () => {
  expect(() => kernelMask({} as masks.Mask, { queryLength: 1, keyLength: 1 })).toThrowErrorMatchingInlineSnapshot(
    `[ValueError: kernelMask: mask must be a Mask, got an object; make a tensor one with masks.fromTensor]`,
  );
  expect(() => kernelMask(masks.causal(), { queryLength: -1, keyLength: 1 })).toThrowErrorMatchingInlineSnapshot(
    `[ValueError: kernelMask: queryLength must be an integer >= 0, got -1]`,
  );
});
