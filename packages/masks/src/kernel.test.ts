import { type FusedAttentionMask, maskBlockCodes } from "@tfblocks/tensor-utils/kernels";
import fc from "fast-check";
import { expect, it } from "vitest";
import * as masks from "./index.js";
import { kernelMask } from "./kernel.js";
import { type Case, cellsOf, compositionArbitrary } from "./testing/arbitraries.js";

/** Reads a cell as a kernel does, at positions within the call. */
function reader({ batch, heads, blocks, bits }: FusedAttentionMask, { queryLength, keyLength }: masks.MaskSizes) {
  const [rows, columns] = [Math.ceil(queryLength / 64), Math.ceil(keyLength / 64)];
  return (b: number, h: number, q: number, k: number): boolean => {
    const map = (batch === 1 ? 0 : b) * heads + (heads === 1 ? 0 : h);
    const code = blocks[(map * rows + Math.floor(q / 64)) * columns + Math.floor(k / 64)]!;
    if (code < 0) return code === maskBlockCodes.full;
    return ((bits[code * 512 + (k % 64) * 8 + ((q % 64) >> 3)]! >> (q % 8)) & 1) === 1;
  };
}

function expectSameCells({ mask, sizes, oracle }: Case): void {
  const open = reader(kernelMask(mask, sizes), sizes);
  const { queryOffset, keyOffset } = sizes;
  for (const [b, h, q, k] of cellsOf(mask, sizes)) expect(open(b, h, q - queryOffset, k - keyOffset)).toBe(oracle(b, h, q, k));
}

it("agrees with the mask on every cell", () => {
  fc.assert(fc.property(compositionArbitrary, expectSameCells));
});

it("agrees with masks of many blocks", () => {
  const sizes = { batch: 1, heads: 1, queryLength: 150, keyLength: 200, queryOffset: 50, keyOffset: 0 };
  const mask = masks.and(masks.causal(), masks.lastN(70));
  expectSameCells({ mask, sizes, oracle: (_b, _h, q, k) => k <= q && k > q - 70 });
  const { blocks, bits } = kernelMask(mask, sizes);
  expect(blocks.filter((code) => code === maskBlockCodes.empty).length).toBeGreaterThan(2);
  expect(bits.length).toBe(512 * blocks.filter((code) => code >= 0).length);
  const cut = kernelMask(mask, { queryLength: 3, keyLength: 5 }); // one block, of which most lies beyond the lengths
  expect(cut.bits.every((byte, at) => byte < 8 && (at < 5 * 8 || byte === 0) && (at % 8 === 0 || byte === 0))).toBe(true);
});

it("caches its result for a mask and its extent", () => {
  const [mask, sizes] = [masks.causal(), { queryLength: 70, keyLength: 70 }];
  expect(kernelMask(mask, sizes)).toBe(kernelMask(mask, { ...sizes }));
  expect(kernelMask(mask, { ...sizes, queryOffset: 1 })).not.toBe(kernelMask(mask, sizes));
  const padding = masks.padding({ lengths: [60] }); // a layer joins its own mask with it in each call
  expect(kernelMask(masks.and(mask, padding), sizes)).toBe(kernelMask(masks.and(mask, padding), sizes));
});

it("rejects values that are not masks, and sizes that contradict the mask", () => {
  expect(() => kernelMask({} as masks.Mask, { queryLength: 1, keyLength: 1 })).toThrowErrorMatchingInlineSnapshot(
    `[ValueError: kernelMask: mask must be a Mask, got an object; convert a tensor with masks.fromTensor]`,
  );
  expect(() => kernelMask(masks.causal(), { queryLength: -1, keyLength: 1 })).toThrowErrorMatchingInlineSnapshot(
    `[ValueError: kernelMask: queryLength must be an integer >= 0, got -1]`,
  );
});
