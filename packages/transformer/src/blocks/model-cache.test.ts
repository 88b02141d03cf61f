import { dispose, type Tensor, tensor2d, type Tensor4D, zeros } from "@tensorflow/tfjs-core";
import { RingCache } from "@tfblocks/attention/caches";
import { Random } from "@tfblocks/tensor-utils";
import { expectClose, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { ModelCache } from "../index.js";
import { llama } from "../models.js";

const exact = { atol: 0, rtol: 0 };
const model = () => use(llama({ vocabSize: 9, dModel: 8, numLayers: 2, numHeads: 2, hiddenDim: 12, random: new Random(3) }));
const ids = (...rows: number[][]) => use(tensor2d(rows, undefined, "int32"));

async function expectSame(actual: Tensor, expected: Tensor): Promise<void> {
  await expectClose(actual, expected, exact);
  dispose([actual, expected]);
}

describe("ModelCache", () => {
  beforeAll(() => useBackend("cpu"));

  it("gives each row the keys and values of another", async () => {
    const each = model();
    const [cache, expected] = [use(each.createCache()), use(each.createCache())];
    each.apply(ids([1, 2], [3, 4]), { cache }).logits.dispose();
    each.apply(ids([3, 4], [3, 4], [1, 2]), { cache: expected }).logits.dispose();
    cache.selectRows([1, 1, 0]);
    const next = ids([5], [6], [7]);
    await expectSame(each.apply(next, { cache }).logits, each.apply(next, { cache: expected }).logits);
    expect(() => cache.selectRows([3])).toThrow("ModelCache.selectRows: rows[0] must be an integer from 0 to 2, got 3");
  });

  it("forgets the last tokens", async () => {
    const each = model();
    const [cache, expected] = [use(each.createCache()), use(each.createCache())];
    each.apply(ids([1, 2, 3, 4]), { cache }).logits.dispose();
    each.apply(ids([1, 2]), { cache: expected }).logits.dispose();
    cache.trim(2);
    expect(cache.length).toBe(2);
    await expectSame(each.apply(ids([5]), { cache }).logits, each.apply(ids([5]), { cache: expected }).logits);
    cache.trim(0);
    await expectSame(each.apply(ids([5]), { cache }).logits, each.apply(ids([5])).logits);
    expect(() => cache.trim(2)).toThrow("ModelCache.trim: length must be an integer from 0 to 1, got 2");
  });

  it("refuses to trim or save a cache that has dropped keys", () => {
    const cache = use(new ModelCache({ numLayers: 1, make: () => new RingCache({ maxLength: 2 }) }));
    const state = use(zeros([1, 1, 3, 4])) as Tensor4D;
    cache.layers[0]!.store({ key: state, value: state, keyOffset: 0 });
    expect(() => cache.trim(1)).toThrow(
      "ModelCache.trim: cache must be one that holds all keys, got one that has dropped 1, as a window does; use a GrowingCache",
    );
    expect(() => cache.stateDict()).toThrow("ModelCache.stateDict: cache must be one that holds all keys");
    expect(cache.length).toBe(3);
  });
});
