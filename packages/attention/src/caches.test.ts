import { type Tensor4D } from "@tensorflow/tfjs-core";
import * as masks from "@tfblocks/masks";
import { expectClose, randomTensor, resources, use } from "@tfblocks/testkit";
import { describe, expect, it } from "vitest";
import { FixedCache, GrowingCache, RingCache } from "./caches.js";
import { multiHeadAttention } from "./multi-head-attention-sizes.js";

const keys = (length: number, heads = 2) => randomTensor([1, heads, length, 4], length) as Tensor4D;

describe("key-value caches in attention", () => {
  it("store two tensors however often they are used, and none after dispose", async () => {
    const attention = use(multiHeadAttention({ dModel: 8, numHeads: 2 }));
    const cache = use(new RingCache({ maxLength: 4 }));
    const x = randomTensor([1, 1, 8], 1);
    const decode = () => attention.apply(x, x, x, { cache, mask: masks.lastN(4), needWeights: false }).output.dispose();
    for (let step = 0; step < 10; step++) decode();
    const before = resources();
    for (let step = 0; step < 100; step++) decode();
    expect(resources()).toEqual(before);
    expect(cache.length).toBe(110);
  });

  it("do not change when a call fails", () => {
    const attention = use(multiHeadAttention({ dModel: 8, numHeads: 2 }));
    const cache = use(new FixedCache({ maxLength: 3 }));
    const [fits, over] = [randomTensor([1, 2, 8], 1), randomTensor([1, 2, 8], 2)];
    attention.apply(fits, fits, fits, { cache, needWeights: false }).output.dispose();
    expect(() => attention.apply(over, over, over, { cache })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: FixedCache.join: keyLength must be at most 1 (maxLength 3 - 2 in use), got 2; increase maxLength, or use a RingCache with a window mask]`,
    );
    const wrongMask = randomTensor([9, 9], 1);
    expect(() => attention.apply(fits, fits, fits, { cache: new GrowingCache(), mask: wrongMask })).toThrow(/mask/);
    expect(cache.length).toBe(2);
  });
});

describe("the tensors of key-value caches", () => {
  it("show what they store, which a new store replaces", () => {
    for (const cache of use([new GrowingCache(), new FixedCache({ maxLength: 4 }), new RingCache({ maxLength: 4 })])) {
      expect(cache.stored).toBeUndefined();
      const fresh = use(keys(3));
      cache.store({ key: fresh, value: fresh, keyOffset: 0 });
      const { key, value, keyOffset } = cache.stored!;
      expect([key.shape, value.shape, keyOffset, key.isDisposed]).toEqual([[1, 2, 3, 4], [1, 2, 3, 4], 0, false]);
      const other = use(keys(2));
      cache.store({ key: other, value: other, keyOffset: 0 });
      expect([key.isDisposed, cache.stored!.key.shape[2], cache.length]).toEqual([true, 2, 2]);
    }
  });

  it("join into tensors that the caller owns, from the first call on", () => {
    const cache = use(new GrowingCache());
    const fresh = use(keys(2));
    for (const expectedLength of [2, 4]) {
      const joined = cache.join(fresh, fresh);
      expect(joined.key.shape).toEqual([1, 2, expectedLength, 4]);
      cache.store(joined);
      for (const each of [joined.key, joined.value]) each.dispose();
      expect(fresh.isDisposed).toBe(false);
    }
  });
});

describe("the arguments of key-value caches", () => {
  it("start at the keyOffset of the first call", async () => {
    const attention = use(multiHeadAttention({ dModel: 8, numHeads: 2 }));
    const cache = use(new GrowingCache());
    const x = randomTensor([1, 3, 8], 1);
    const options = { mask: masks.causal(), queryOffset: 5, keyOffset: 5, needWeights: false };
    const [plain, cached] = [use(attention.apply(x, x, x, options).output), use(attention.apply(x, x, x, { ...options, cache }).output)];
    await expectClose(cached, plain);
  });

  it("reject keys of a different shape", () => {
    const cache = use(new GrowingCache());
    const [first, second] = [use(keys(2)), use(keys(1, 3))];
    const joined = use(cache.join(first, first));
    cache.store(joined);
    expect(() => cache.join(second, second)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: KeyValueCache.join: key must be [batch, kvHeads, keyLength, headDim] with kvHeads = 2 (from cached key), got [1, 3, 1, 4]]`,
    );
  });

  it("reject a maxLength that is not a positive integer, and unknown options", () => {
    expect(() => new RingCache({ maxLength: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: RingCache: maxLength must be an integer >= 1, got 0]`,
    );
    expect(() => new FixedCache({ maxLength: 1.5 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: FixedCache: maxLength must be an integer >= 1, got 1.5]`,
    );
    expect(() => new RingCache({ length: 4 } as never)).toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: RingCache: unknown option "length"; known options: maxLength]`,
    );
    expect(() => new FixedCache({ maxLength: 4, length: 4 } as never)).toThrow('FixedCache: unknown option "length"');
  });
});
