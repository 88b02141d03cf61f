import { slice } from "@tensorflow/tfjs-core";
import type { MultiHeadAttentionSizes } from "@tfblocks/attention";
import { GrowingCache } from "@tfblocks/attention/caches";
import { and, causal, full, isMask, lastN, type Mask, padding } from "@tfblocks/masks";
import { expectClose, randomTensor, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { ablate, freezeAttention, headsOf, maskAttention, watchAttention, withEdits } from "../models.js";
import { alone } from "../testing/alone.js";
import { logitsOf, tinyModel, tokens } from "../testing/tiny-model.js";

const same = { atol: 0, rtol: 0 };

const cases: [string, Partial<MultiHeadAttentionSizes>][] = [
  ["one head", { numHeads: 1 }],
  ["grouped heads", { numKvHeads: 2, valueDim: 3 }],
  ["a learned key", { addBiasKv: true, numKvHeads: 2 }],
  ["a sink", { learnedSink: true }],
];

describe.each(["cpu", "wasm", "wasm fused plain, 1 thread"] as const)("maskAttention on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(cases)("is the attention under the other mask, bit for bit, with %s", async (_, sizes) => {
    const model = alone(sizes);
    const x = randomTensor([2, 5, 8], 1);
    const local = and(causal(), lastN(2));
    const expected = use(model.attention.apply(x, x, x, { mask: local }));
    const edited = withEdits(model, [maskAttention("attention", local)]);
    const masked = use(edited.attention.apply(x, x, x, { mask: causal() }));
    await expectClose(masked.output, expected.output, same);
    await expectClose(masked.weights, expected.weights, same);
    const narrowed = withEdits(model, [maskAttention("attention", (own) => (isMask(own) ? and(own, lastN(2)) : lastN(2)))]);
    await expectClose(use(narrowed.attention.apply(x, x, x, { mask: causal() })).weights, expected.weights, same);
    await expectClose(
      use(narrowed.attention.apply(x, x, x)).weights,
      use(model.attention.apply(x, x, x, { mask: lastN(2) })).weights,
      same,
    );
  });

  it("counts positions from the start of a cache", async () => {
    const model = withEdits(alone(), [maskAttention("attention", lastN(2))]);
    const x = randomTensor([1, 5, 8], 1);
    const whole = use(model.attention.apply(x, x, x));
    const cache = use(new GrowingCache());
    const [first, rest] = [use(slice(x, [0, 0, 0], [1, 3, 8])), use(slice(x, [0, 3, 0], [1, 2, 8]))];
    use(model.attention.apply(first, first, first, { cache }));
    const { output } = use(model.attention.apply(rest, rest, rest, { cache }));
    await expectClose(output, use(slice(whole.output, [0, 3, 0], [1, 2, 8])), { atol: 1e-6, rtol: 1e-5 });
  });
});

describe("maskAttention in a model", () => {
  beforeAll(() => useBackend("cpu"));

  it("replaces the mask of the layers, so that a causal model sees later tokens", async () => {
    const [model, ids] = [tinyModel(), tokens([1, 2, 3, 4])];
    const open = withEdits(model, [maskAttention("layers.*.attention", full())]);
    const [here, there] = [logitsOf(open, ids), logitsOf(open, tokens([1, 2, 3, 5]))];
    await expect(expectClose(use(slice(here, [0, 0, 0], [1, 3, 11])), use(slice(there, [0, 0, 0], [1, 3, 11])), same)).rejects.toThrow(
      /^tensor\[/,
    );
    const { weights } = use(open.apply(ids, { needWeights: true }));
    expect(weights!.flatMap((each) => [...each.dataSync()]).every((weight) => weight > 0)).toBe(true);
  });

  it("applies before the call is watched, and several in their order", async () => {
    const [model, ids] = [tinyModel(), tokens([1, 2, 3, 4])];
    const narrow = (by: Mask) => maskAttention("layers.1.attention", (own) => (isMask(own) ? and(own, by) : by));
    const edited = withEdits(model, [narrow(lastN(3)), narrow(padding({ lengths: [3] })), ablate(headsOf("layers.0.attention", 0))]);
    const watched = use(watchAttention(edited, (each) => use(each.apply(ids)).logits));
    const maps = await watched.maps("layers.1.attention");
    expect([...maps.allowed.data]).toEqual([1, 0, 0, 0, 1, 1, 0, 0, 1, 1, 1, 0, 0, 1, 1, 0]);
    const expected = use(edited.apply(ids, { needWeights: true })).weights![1]!;
    expect(Array.from(maps.weights)).toEqual([...(await expected.data())]);
    expect(watched.explain("layers.1.attention", 3, 0)).toMatchObject({
      allowed: false,
      reason: expect.stringMatching(/may not attend to key 0/),
    });
  });

  it("has no effect on frozen weights", async () => {
    const model = alone();
    const x = randomTensor([1, 3, 8], 1);
    const { output, weights } = use(model.attention.apply(x, x, x, { mask: causal() }));
    const edited = withEdits(model, [freezeAttention("attention", weights), maskAttention("attention", full())]);
    await expectClose(use(edited.attention.apply(x, x, x, { mask: causal() })).output, output, { atol: 1e-6, rtol: 1e-5 });
  });

  it("refuses what is no mask, and parts that are no attention", () => {
    expect(() => maskAttention("layers.0.attention", true as never)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: maskAttention: mask must be a mask of @tfblocks/masks, or a function of the mask that the call has, got true]`,
    );
    expect(() => maskAttention("", causal())).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: maskAttention: part must be the name of a part, for example "layers.0.attention", got ""]`,
    );
    expect(() => withEdits(tinyModel(), [maskAttention("layers.0.feedForward", causal())])).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: maskAttention: "layers.0.feedForward" must be a MultiHeadAttention, got an object; for example "layers.0.attention"]`,
    );
  });
});
