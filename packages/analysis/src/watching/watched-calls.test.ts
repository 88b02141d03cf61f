import { memory, slice, type Tensor, tensor1d, tensor2d, tensor4d } from "@tensorflow/tfjs-core";
import type { MultiHeadAttention, MultiHeadAttentionOptions, MultiHeadAttentionSizes } from "@tfblocks/attention";
import { GrowingCache, RingCache } from "@tfblocks/attention/caches";
import { and, causal, fromTensor, lastN, padding } from "@tfblocks/masks";
import { RotaryEmbedding } from "@tfblocks/positional";
import { expectClose, randomTensor, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { entropy, extraKeyMass, readAttention } from "../index.js";
import { watchAttention } from "../models.js";
import { type Alone, alone } from "../testing/alone.js";

type Case = [string, Partial<MultiHeadAttentionSizes>, () => MultiHeadAttentionOptions];

const rule = () => use(tensor2d([1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0], [5, 5], "bool"));

const cases: Case[] = [
  ["no mask", {}, () => ({})],
  ["a causal and a padding mask", { numKvHeads: 2 }, () => ({ mask: and(causal(), padding({ lengths: [5, 3] })) })],
  ["a tensor as mask", {}, () => ({ mask: rule() })],
  ["a tensor as mask of each text", {}, () => ({ mask: use(tensor4d([1, 1, 0, 1, 1, 0, 1, 1, 1, 1], [2, 1, 1, 5], "bool")) })],
  ["an additive mask", {}, () => ({ mask: fromTensor(randomTensor([5, 5], 3), { kind: "additive" }) })],
  ["a bias", { softcap: 2 }, () => ({ bias: randomTensor([1, 4, 5, 5], 3), mask: causal() })],
  ["a bias of keys", {}, () => ({ bias: randomTensor([1, 1, 1, 5], 3) })],
  ["a learned sink", { learnedSink: true }, () => ({ mask: causal() })],
  ["a sink of zero", { addZeroAttn: true, numKvHeads: 1 }, () => ({ mask: rule() })],
  ["a learned key", { addBiasKv: true, scale: 2 }, () => ({ mask: causal(), bias: randomTensor([5, 5], 3) })],
  ["a learned key and a sink", { addBiasKv: true, addZeroAttn: true, valueDim: 3 }, () => ({})],
  [
    "positions",
    { rotary: new RotaryEmbedding({ headDim: 4, pairing: "half" }) },
    () => ({ positions: use(tensor1d([3, 1, 4, 1, 5], "int32")), mask: causal() }),
  ],
  ["offsets", { rotary: new RotaryEmbedding({ headDim: 4, pairing: "half" }) }, () => ({ queryOffset: 3, keyOffset: 1, mask: causal() })],
];

const watch = (model: Alone, x: Tensor, options: MultiHeadAttentionOptions) =>
  use(watchAttention(model, ({ attention }) => attention.apply(x, x, x, { ...options, needWeights: false })));

describe.each(["cpu", "wasm fused plain, 1 thread"] as const)("a watched call on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(cases)("with %s has the weights, maps and stages of the call", async (_, sizes, options) => {
    const [model, x, given] = [alone(sizes), randomTensor([2, 5, 8], 1), options()];
    const stages = ["scaled", "masked"] as const;
    const expected = use(model.attention.apply(x, x, x, { ...given, taps: { stages, heads: [3, 1] } }));
    const watched = watch(model, x, given);
    await expectClose(use(watched.result).output, expected.output, { atol: 1e-6, rtol: 0 });
    await expectClose(watched.weights("attention"), expected.weights!, { atol: 1e-6, rtol: 0 });
    const scores = use(watched.scores("attention", { stages, heads: [3, 1] }, 2, 4));
    for (const stage of stages) {
      const rows = use(slice(expected.taps![stage]!, [0, 0, 2, 0], [-1, -1, 2, -1]));
      await expectClose(scores[stage]!, rows, { atol: 1e-6, rtol: 0 });
    }
    const { mask = null, queryOffset = 0, keyOffset = 0 } = given;
    const extra = { sink: model.attention.sink !== undefined, learnedKey: model.attention.biasKey !== undefined };
    const direct = await readAttention(expected.weights!, { mask, queryOffset, keyOffset, ...extra });
    const [ours, theirs] = [await watched.maps("attention"), direct].map((maps) => entropy(maps).perHead);
    for (const [head, { score, rowsUsed }] of theirs!.entries()) {
      expect(ours![head]!.score).toBeCloseTo(score!, 5);
      expect(ours![head]!.rowsUsed).toBe(rowsUsed);
    }
    const rows = await watched.rows("attention", 1, 4);
    expect([rows.queryLength, rows.queryOffset, rows.keyOffset]).toEqual([3, queryOffset + 1, keyOffset]);
  });
});

describe("a watched call with a cache", () => {
  beforeAll(() => useBackend("cpu"));

  it.each([
    ["that grows", () => new GrowingCache(), causal(), 0],
    ["that is a ring", () => new RingCache({ maxLength: 2 }), lastN(2), 1],
  ] as const)("%s attends to what is cached", async (_, make, mask, keyOffset) => {
    const model = alone({ rotary: new RotaryEmbedding({ headDim: 4, pairing: "half" }) });
    const [x, cache] = [randomTensor([2, 5, 8], 1), use(make())];
    const part = (start: number, size: number) => use(slice(x, [0, start, 0], [2, size, 8]));
    const whole = use(model.attention.apply(x, x, x, { mask }));
    use(watch(model, part(0, 3), { cache, mask }).result);
    const watched = watch(model, part(3, 2), { cache, mask });
    await expectClose(use(watched.result).output, use(slice(whole.output, [0, 3, 0])), { atol: 1e-6, rtol: 1e-6 });
    const expected = use(slice(whole.weights, [0, 0, 3, keyOffset]));
    await expectClose(watched.weights("attention"), expected, { atol: 1e-6, rtol: 0 });
    expect(watched.sizes("attention")).toEqual({ batch: 2, heads: 4, queryLength: 2, keyLength: 5 - keyOffset, queryOffset: 3, keyOffset });
    expect(cache.length).toBe(5);
    await expect(watched.maps("attention")).resolves.toMatchObject({ queryOffset: 3, keyOffset });
  });
});

describe("watchAttention", () => {
  beforeAll(() => useBackend("cpu"));

  it("keeps the inputs only, and frees them, also when the run throws", () => {
    const [model, x] = [alone(), randomTensor([2, 5, 8], 1)];
    const before = memory();
    const run = (attention: MultiHeadAttention) => attention.apply(x, x, x, { mask: causal(), needWeights: false }).output.dispose();
    const watched = watchAttention(model, ({ attention }) => run(attention));
    expect(memory().numDataBuffers - before.numDataBuffers).toBe(2); // keys and values; the input is that of the caller
    watched.weights("attention").dispose();
    watched.dispose();
    watched.dispose();
    expect(memory().numTensors).toBe(before.numTensors);
    const failing = (body: (attention: MultiHeadAttention) => void) => () => watchAttention(model, ({ attention }) => body(attention));
    expect(failing((attention) => [1, 2].forEach(() => run(attention)))).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: watchAttention: run must be a function that calls "attention" once, got a second call; run the whole text at once]`,
    );
    expect(failing(() => {})).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: watchAttention: run must be a function that calls an attention, got no call]`,
    );
    expect(() => watchAttention(model, async ({ attention }) => run(attention))).toThrow(
      "watchAttention: run must be a synchronous function, got one that returns a promise",
    );
    expect(failing((attention) => attention.apply(x, x, x, { cache: new RingCache({ maxLength: 2 }), bias: x }))).toThrow("bias must be");
    expect(memory().numTensors).toBe(before.numTensors);
  });
});

describe("the extra keys of a watched call", () => {
  beforeAll(() => useBackend("cpu"));

  it("are in its maps and its summary", async () => {
    const [model, x] = [alone({ learnedSink: true, addBiasKv: true }), randomTensor([2, 5, 8], 1)];
    const watched = watch(model, x, { mask: causal() });
    use(watched.result);
    const [maps, { extraKeys }] = [await watched.maps("attention"), await watched.summary("attention")];
    const mass = extraKeyMass(maps, { minKeys: 1 }).perHead.map(({ score }) => score!);
    const ours = mass.map((_, head) => [0, 1].flatMap((row) => [...extraKeys.subarray((row * 4 + head) * 5, (row * 4 + head + 1) * 5)]));
    for (const [head, values] of ours.entries()) {
      expect(values.reduce((sum, value) => sum + value, 0) / 10).toBeCloseTo(mass[head]!, 5);
    }
  });
});
