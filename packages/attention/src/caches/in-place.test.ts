import { concat, grad, scalar, sum, tensor4d, type Tensor, type Tensor4D } from "@tensorflow/tfjs-core";
import "@tfblocks/tensor-utils/gradients";
import { own, scope } from "@tfblocks/tensor-utils";
import { AppendKeysValues, withoutKernel } from "@tfblocks/tensor-utils/kernels";
import { type BackendName, expectClose, fusedBackendNames, FuzzSource, randomTensor, resources, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { FixedCache, GrowingCache, type KeyValueCache, RingCache, withoutRoom } from "../caches.js";
import { multiHeadAttention } from "../multi-head-attention-sizes.js";

const exact = { atol: 0, rtol: 0 };
const backends: readonly BackendName[] = ["cpu", ...fusedBackendNames];
const [batch, kvHeads, headDim, valueDim] = [2, 3, 4, 5];
const makers: readonly (readonly [string, (maxLength: number) => KeyValueCache])[] = [
  ["GrowingCache", () => new GrowingCache()],
  ["FixedCache", () => new FixedCache({ maxLength: 1000 })],
  ["RingCache", (maxLength) => new RingCache({ maxLength })],
];

/** Each number tells its head, its dimension and the token that it belongs to. */
function rowsOf(tokens: readonly number[], dim: number): Tensor4D {
  const heads = Array.from({ length: batch * kvHeads }, (_, head) => head);
  const numbers = heads.flatMap((head) => tokens.flatMap((token) => Array.from({ length: dim }, (_, at) => token * 100 + head * 10 + at)));
  return tensor4d(numbers, [batch, kvHeads, tokens.length, dim]);
}

/** Joins keys and values of tokens, and stores them unless the call fails. */
function call(cache: KeyValueCache, tokens: readonly number[], fails = false): void {
  scope(() => {
    const joined = cache.join(rowsOf(tokens, headDim), rowsOf(tokens, valueDim));
    if (!fails) cache.store(joined);
  });
}

/** Copies, or second handles where nobody writes. */
function contentsOf(cache: KeyValueCache): { readonly key: Tensor; readonly value: Tensor } {
  return use(
    scope(() => {
      const { key, value } = withoutRoom(cache.stored!);
      return { key: own(key), value: own(value) };
    }),
  );
}

async function expectTokens(cache: KeyValueCache, tokens: readonly number[]): Promise<void> {
  const { key, value } = contentsOf(cache);
  await expectClose(key, use(rowsOf(tokens, headDim)), exact);
  await expectClose(value, use(rowsOf(tokens, valueDim)), exact);
}

for (const backend of backends) {
  describe.each(makers)(`%s on ${backend}`, (_name, make) => {
    beforeAll(() => useBackend(backend));

    it.each([1, 2, 3, 4])("holds the tokens of any calls, also after calls that fail, seed %i", async (seed) => {
      const source = new FuzzSource("caches", seed);
      const maxLength = source.integer(1, 40);
      const cache = use(make(maxLength));
      let [tokens, next]: [number[], number] = [[], 1];
      for (let step = 0; step < 30; step++) {
        const fresh = Array.from({ length: source.pick([1, 1, 1, 2, 30]) }, () => next++);
        const fails = source.chance(0.2);
        if (source.chance(0.2)) withoutKernel(AppendKeysValues, () => call(cache, fresh, fails));
        else call(cache, fresh, fails);
        if (fails) continue;
        tokens = [...tokens, ...fresh].slice(cache instanceof RingCache ? -maxLength : 0);
        await expectTokens(cache, tokens);
      }
    });
  });

  describe(`a cache on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    it("does not change what was copied from it, or stored from outside", async () => {
      const cache = use(new GrowingCache());
      const [key, value] = [use(rowsOf([1, 2], headDim)), use(rowsOf([1, 2], valueDim))];
      cache.store({ key, value, keyOffset: 0, keyRows: [0, 1] });
      call(cache, [3]);
      await expectTokens(cache, [1, 3]);
      await expectClose(key, use(rowsOf([1, 2], headDim)), exact);
      const copy = contentsOf(cache);
      cache.store({ ...cache.stored!, keyRows: [0, 1] });
      call(cache, [4]);
      await expectTokens(cache, [1, 4]);
      await expectClose(copy.key, use(rowsOf([1, 3], headDim)), exact);
    });

    it("gives the gradients of one call with all tokens", async () => {
      const attention = use(multiHeadAttention({ dModel: 8, numHeads: 2 }));
      const cache = use(new GrowingCache());
      const [first, second] = [randomTensor([1, 3, 8], 1), randomTensor([1, 2, 8], 2)];
      attention.apply(first, first, first, { cache, needWeights: false }).output.dispose();
      const whole = (x: Tensor) => sum(attention.apply(x, use(join(first, x)), join(first, x)).output);
      const cached = (x: Tensor) => sum(attention.apply(x, x, x, { cache, needWeights: false }).output);
      const expected = use(grad(whole)(second, use(scalar(1))));
      await expectClose(use(grad(cached)(second, use(scalar(1)))), expected, { atol: 1e-6, rtol: 1e-5 });
    });
  });
}

const join = (first: Tensor, second: Tensor): Tensor => concat([first, second], 1);

describe("a cache on a backend with the kernel", () => {
  beforeAll(() => useBackend(fusedBackendNames[0]!));

  it("writes into the same tensors until they are full", () => {
    const cache = use(new FixedCache({ maxLength: 20 }));
    call(cache, [1, 2, 3]);
    const [{ dataId }, before] = [cache.stored!.key, resources()];
    for (let token = 4; token <= 20; token++) call(cache, [token]);
    expect([cache.stored!.key.dataId === dataId, cache.length]).toEqual([true, 20]);
    expect(resources()).toEqual(before);
  });

  it("keeps at most three windows after a long prompt", () => {
    const cache = use(new RingCache({ maxLength: 4 }));
    for (const tokens of [Array.from({ length: 50 }, (_, at) => at), [50], [51], [52], [53], [54]]) call(cache, tokens);
    expect(cache.stored!.key.shape[2]).toBeLessThanOrEqual(12);
    expect(cache.length).toBe(55);
  });
});
