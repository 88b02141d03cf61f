import { concat, gather, memory, slice, sum, type Tensor, type Tensor4D, tile, reshape } from "@tensorflow/tfjs-core";
import * as masks from "@tfblocks/masks";
import { Random, scope } from "@tfblocks/tensor-utils";
import { backendNames, expectClose, randomTensor, useBackend } from "@tfblocks/testkit";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { FixedCache, GrowingCache, type KeyValueCache, RingCache } from "./caches.js";
import { multiHeadAttention } from "./multi-head-attention-sizes.js";
import { scaledDotProductAttention } from "./scaled-dot-product-attention.js";

const seed = fc.integer({ min: 0, max: 2 ** 31 - 1 });
const small = fc.integer({ min: 1, max: 5 });
const sizes = fc.record({
  seed,
  batch: fc.integer({ min: 1, max: 2 }),
  kvHeads: fc.integer({ min: 1, max: 2 }),
  group: fc.integer({ min: 1, max: 3 }),
  queryLength: small,
  keyLength: small,
  headDim: small,
  valueDim: small,
});
type Sizes = typeof sizes extends fc.Arbitrary<infer Value> ? Value : never;

const exact = { atol: 0, rtol: 0 };
const close = { atol: 2e-6, rtol: 1e-5 };

for (const backend of backendNames) {
  const numRuns = backend.startsWith("web") ? 5 : 60;
  const holds =
    <Value>(arbitrary: fc.Arbitrary<Value>, property: (value: Value) => Promise<void>) =>
    async () => {
      const before = memory().numTensors;
      await fc.assert(fc.asyncProperty(arbitrary, property), { numRuns, seed: 1 });
      expect(memory().numTensors).toBe(before);
    };

  describe(`properties of attention on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    it(
      "grouped heads equal repeated heads",
      holds(sizes, async (sample) => {
        const [query, key, value] = qkv(sample);
        await equal(
          () => attend(query, key, value),
          () => attend(query, repeated(key, sample.group), repeated(value, sample.group)),
          close,
        );
        dispose(query, key, value);
      }),
    );

    it(
      "permuting keys together with their values changes nothing",
      holds(sizes, async (sample) => {
        const [query, key, value] = qkv(sample);
        const order = shuffled(sample.keyLength, sample.seed);
        await equal(
          () => attend(query, key, value),
          () => attend(query, gather(key, order, 2), gather(value, order, 2)),
          close,
        );
        dispose(query, key, value);
      }),
    );

    it(
      "rows of weights sum to 1, or to 0 when every key is forbidden",
      holds(fc.tuple(sizes, fc.array(fc.boolean(), { minLength: 25, maxLength: 25 })), async ([sample, cells]) => {
        const [query, key, value] = qkv(sample);
        const keep = Array.from({ length: sample.queryLength }, (_, q) => cells.slice(5 * q, 5 * q + sample.keyLength));
        const mask = masks.blockPattern({ blockSize: 1, pattern: keep });
        const rows = scope(() => sum(scaledDotProductAttention(query, key, value, { mask, needWeights: true }).weights!, -1));
        const expected = Array.from({ length: sample.batch * sample.kvHeads * sample.group }, () =>
          keep.map((row) => Number(row.includes(true))),
        ).flat();
        await expectClose(rows, { shape: rows.shape, data: expected }, close);
        dispose(query, key, value, rows);
      }),
    );
  });

  describe(`masked attention on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    it(
      "under a causal mask, a later token does not change a single bit of earlier outputs",
      holds(fc.tuple(sizes, fc.integer({ min: 0, max: 4 })), async ([sample, at]) => {
        const length = sample.queryLength;
        const [query, key, value] = qkv({ ...sample, keyLength: length });
        const changed = Math.min(at, length - 1);
        const moved = [key, value].map((each) =>
          scope(() => concat([slice(each, [0, 0, 0, 0], [-1, -1, changed, -1]), randomTensor(tailShape(each, changed), 7, 50)], 2)),
        );
        const early = (x: Tensor) => slice(x as Tensor4D, [0, 0, 0, 0], [-1, -1, changed, -1]);
        if (changed > 0) {
          await equal(
            () => early(attend(query, key, value, masks.causal())),
            () => early(attend(query, moved[0]!, moved[1]!, masks.causal())),
            exact,
          );
        }
        dispose(query, key, value, ...moved);
      }),
    );

    it(
      "padding changes nothing: a padded batch gives the same outputs as the sequences without padding",
      holds(fc.tuple(sizes, small), async ([sample, padded]) => {
        const [query, key, value] = qkv(sample);
        const longer = [key, value].map((each) =>
          scope(() => concat([each, randomTensor([...each.shape.slice(0, 2), padded, each.shape[3]!], 5, 30)], 2)),
        );
        const mask = masks.padding({ lengths: Array.from({ length: sample.batch }, () => sample.keyLength) });
        await equal(
          () => attend(query, key, value),
          () => attend(query, longer[0]!, longer[1]!, mask),
          close,
        );
        dispose(query, key, value, ...longer);
      }),
    );
  });

  describe(`cached attention on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    const caches: [string, () => KeyValueCache, masks.Mask][] = [
      ["a growing cache", () => new GrowingCache(), masks.causal()],
      ["a fixed cache", () => new FixedCache({ maxLength: 12 }), masks.causal()],
      ["a ring cache under a window", () => new RingCache({ maxLength: 3 }), masks.lastN(4)],
      ["a ring cache of one key", () => new RingCache({ maxLength: 1 }), masks.lastN(2)],
    ];
    it.each(caches)("decoding with %s equals one call with all tokens", (_, makeCache, mask) =>
      holds(
        fc.record({ seed, steps: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }), addBiasKv: fc.boolean() }),
        async ({ seed: at, steps, addBiasKv }) => {
          const attention = multiHeadAttention({ dModel: 8, numHeads: 4, numKvHeads: 2, addBiasKv, random: new Random(at) });
          const x = randomTensor([2, steps.reduce((total, step) => total + step, 0), 8], at);
          const cache = makeCache();
          await equal(
            () => attention.apply(x, x, x, { mask, needWeights: false }).output,
            () =>
              concat(
                pieces(x, steps).map((piece) => attention.apply(piece, piece, piece, { mask, cache, needWeights: false }).output),
                1,
              ),
            close,
          );
          expect(cache.length).toBe(x.shape[1]);
          cache.dispose();
          attention.dispose();
          dispose(x);
        },
      )(),
    );
  });
}

function qkv({ seed: at, batch, kvHeads, group, queryLength, keyLength, headDim, valueDim }: Sizes): [Tensor, Tensor, Tensor] {
  return [
    randomTensor([batch, kvHeads * group, queryLength, headDim], at),
    randomTensor([batch, kvHeads, keyLength, headDim], at + 1),
    randomTensor([batch, kvHeads, keyLength, valueDim], at + 2),
  ];
}

function attend(query: Tensor, key: Tensor, value: Tensor, mask?: masks.Mask): Tensor {
  return scaledDotProductAttention(query, key, value, { mask }).output;
}

async function equal(left: () => Tensor, right: () => Tensor, tolerance: typeof exact): Promise<void> {
  const [ours, theirs] = [scope(left), scope(right)];
  await expectClose(ours, theirs, tolerance);
  dispose(ours, theirs);
}

/** Repeats each key-value head `group` times, next to one another. */
function repeated(x: Tensor, group: number): Tensor {
  const [batch, heads, length, dim] = x.shape as [number, number, number, number];
  return reshape(tile(reshape(x, [batch * heads, 1, length * dim]), [1, group, 1]), [batch, heads * group, length, dim]);
}

function shuffled(length: number, at: number): number[] {
  const random = new Random(at);
  return Array.from({ length }, (_, index) => index)
    .map((index) => ({ index, key: random.uniform() }))
    .toSorted((left, right) => left.key - right.key)
    .map(({ index }) => index);
}

function tailShape(x: Tensor, from: number): number[] {
  return [...x.shape.slice(0, 2), x.shape[2]! - from, x.shape[3]!];
}

function pieces(x: Tensor, steps: readonly number[]): Tensor[] {
  const starts = steps.map((_, index) => steps.slice(0, index).reduce((total, step) => total + step, 0));
  return steps.map((step, index) => slice(x, [0, starts[index]!, 0], [-1, step, -1]));
}

function dispose(...tensors: Tensor[]): void {
  for (const each of tensors) each.dispose();
}
