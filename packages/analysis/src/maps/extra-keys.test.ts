import { exp, memory, reshape, sub, type Tensor, tensor1d, tensor3d, variable } from "@tensorflow/tfjs-core";
import { loadTorchStateDict } from "@tfblocks/attention/torch";
import { type MultiHeadAttention, multiHeadAttention } from "@tfblocks/attention";
import { type MultiHeadAttentionFixture, multiHeadAttentionFixtures, type TensorFixture } from "@tfblocks/fixtures";
import { and, causal, padding } from "@tfblocks/masks";
import { backendNames, fixtureTensor, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { attentionMaps, type AttentionMaps, confidence, entropy, extraKeyMass, previousTokenMass, readAttention } from "../index.js";

const fixtureOf = (name: string) => multiHeadAttentionFixtures.find((fixture) => fixture.name === name)!;

const numbersOf = (fixture: TensorFixture) => fixture.data.map(Number);

function attentionOf({ config, stateDict }: MultiHeadAttentionFixture): MultiHeadAttention {
  const { embedDim, numHeads, addBiasKv, addZeroAttn } = config;
  const attention = use(multiHeadAttention({ dModel: embedDim, numHeads, addBiasKv, addZeroAttn }));
  loadTorchStateDict(attention, Object.fromEntries(Object.entries(stateDict).map(([name, each]) => [name, use(fixtureTensor(each))])));
  return attention;
}

/** Which keys are padding, as lengths. */
function lengthsOf({ keyPaddingMask, key }: MultiHeadAttentionFixture): number[] {
  const [batch, keyLength] = key.shape as [number, number];
  const ignored = keyPaddingMask?.data ?? Array.from({ length: batch * keyLength }, () => 0);
  return Array.from(
    { length: batch },
    (_, index) => ignored.slice(index * keyLength, (index + 1) * keyLength).filter((each) => each === 0).length,
  );
}

/** The maps of our attention, in which a sink has no column. */
async function ourMaps(fixture: MultiHeadAttentionFixture): Promise<AttentionMaps> {
  const mask = and(padding({ lengths: lengthsOf(fixture) }), ...(fixture.isCausal ? [causal()] : []));
  const inputs = [fixture.query, fixture.key, fixture.value].map((each) => use(fixtureTensor(each)));
  const { weights } = use(attentionOf(fixture).apply(inputs[0]!, inputs[1]!, inputs[2]!, { mask }));
  return readAttention(weights, { mask, learnedKey: fixture.config.addBiasKv, sink: fixture.config.addZeroAttn });
}

describe.each([
  "add_bias_kv",
  "add_zero_attn",
  "add_bias_kv and add_zero_attn, causal and padded",
  "add_zero_attn, fully padded batch element",
])("maps of PyTorch's attention with %s", (name) => {
  beforeAll(() => useBackend("cpu"));
  const fixture = fixtureOf(name);

  it("give the extra keys the weights of PyTorch's columns", async () => {
    const maps = await ourMaps(fixture);
    const [columns, extras] = [fixture.expected.weights!.shape[3]!, maps.extraKeys.length];
    const theirs = numbersOf(fixture.expected.weights!).filter((_, cell) => cell % columns >= columns - extras);
    expect(maps.keyLength + extras).toBe(columns);
    expect(maps.extraWeights.length).toBe(theirs.length);
    theirs.forEach((weight, index) => expect(maps.extraWeights[index]).toBeCloseTo(weight, 6));
  });

  it("have the entropy of the whole row", async () => {
    const maps = await ourMaps(fixture);
    const columns = fixture.expected.weights!.shape[3]!;
    const theirs = numbersOf(fixture.expected.weights!);
    const { heads, queryLength } = maps;
    entropy(maps, { minKeys: 1 }).perHead.forEach(({ head, values }) =>
      values.forEach((value, row) => {
        const [batch, query] = [Math.floor(row / queryLength), row % queryLength];
        const start = ((batch * heads + head) * queryLength + query) * columns;
        const nats = theirs.slice(start, start + columns).reduce((sum, p) => sum - (p > 0 ? p * Math.log(p) : 0), 0);
        expect(value).toBeCloseTo(nats, 5);
      }),
    );
  });
});

describe.each(backendNames)("maps of attention with a learned sink on %s", (name) => {
  beforeAll(() => useBackend(name));

  it("give the sink exp(sink − logSumExp), and leak nothing", async () => {
    const built = use(multiHeadAttention({ dModel: 4, numHeads: 2, learnedSink: true }));
    (built.sink as ReturnType<typeof variable>).assign(use(tensor1d([0.5, -1])));
    const x = use(tensor3d([0.5, -1, 2, 1, 0, 3, -2, 1, 1, 1, -1, 0], [1, 3, 4]));
    const { weights, logSumExp } = use(built.apply(x, x, x, { mask: causal(), needLogSumExp: true }));
    const before = memory().numTensors;
    const maps = await readAttention(weights, { mask: causal(), sink: true });
    expect(memory().numTensors).toBe(before);
    const expected = await use(exp(use(sub(use(reshape(built.sink as Tensor, [1, 2, 1])), logSumExp!)))).data();
    expected.forEach((weight, index) => expect(maps.extraWeights[index]).toBeCloseTo(weight, 5));
    expect([...maps.keyCounts]).toEqual([2, 3, 4, 2, 3, 4]);
  });
});

describe("an extra key", () => {
  const sinkMaps = attentionMaps([0.5, 0, 0.25, 0.5], [1, 1, 2, 2], { mask: Uint8Array.of(1, 0, 1, 1), sink: true });

  it("is one more outcome of a row, beside the tokens", () => {
    expect([...sinkMaps.extraWeights]).toEqual([0.5, 0.25]);
    expect(extraKeyMass(sinkMaps).perHead[0]).toMatchObject({ values: [0.5, 0.25], nullValues: [1 / 2, 1 / 3] });
    expect(entropy(sinkMaps).perHead[0]!.values[0]).toBeCloseTo(Math.LN2, 12);
    expect(previousTokenMass(sinkMaps).perHead[0]).toMatchObject({ values: [null, 0.25], nullValues: [null, 1 / 3] });
  });

  it("may have the largest weight", () => {
    const maps = attentionMaps([0.1, 0.2, 0.7], [1, 1, 1, 3], { mask: null, learnedKey: true });
    expect(confidence(maps).perHead[0]).toMatchObject({ score: 0.7, nullScore: 1 / 3 });
    expect(extraKeyMass(maps).perHead[0]!.score).toBe(0.7);
  });

  it("is all that a fully masked row has", () => {
    const weights = [0, 0, 1, 0.5, 0.25, 0.25];
    const maps = attentionMaps(weights, [1, 1, 2, 3], { mask: Uint8Array.of(0, 0, 1, 1), learnedKey: true });
    expect([...maps.keyCounts]).toEqual([1, 3]);
    expect(extraKeyMass(maps, { minKeys: 1 }).perHead[0]).toMatchObject({ values: [1, 0.25], skippedRows: { noAllowedKey: 0 } });
    expect(extraKeyMass(maps).perHead[0]!.skippedRows.fewKeys).toBe(1);
    const sunk = attentionMaps([0, 0], [1, 1, 1, 2], { mask: Uint8Array.of(0, 0), sink: true });
    expect(extraKeyMass(sunk, { minKeys: 1 }).perHead[0]!.values).toEqual([1]);
  });

  it("is missing from other maps", () => {
    const maps = attentionMaps([1], [1, 1, 1, 1], { mask: null });
    expect(extraKeyMass(maps, { minKeys: 1 }).perHead[0]).toMatchObject({ score: null, skippedRows: { noTarget: 1 } });
  });
});

describe("weights with an extra key", () => {
  const build = (weights: number[], options: object, columns = weights.length, mask: Uint8Array | null = null) =>
    attentionMaps(weights, [1, 1, 1, columns], { mask, ...options });

  it("are rejected when a row contradicts the softmax", () => {
    expect(() => build([0.6, 0.6], { sink: true })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: attentionMaps: weights must be rows that sum to at most 1 ± 0.001 over their allowed keys, got a sum of 1.2 in batch 0, head 0, row 0; pass weights after softmax and before dropout, with the mask (true = may attend) that they were computed under]`,
    );
    expect(() => build([0.5, 0.2], {})).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: attentionMaps: weights must be rows that sum to 1 ± 0.001 over their allowed keys, got a sum of 0.7 in batch 0, head 0, row 0; pass weights after softmax and before dropout, with the mask (true = may attend) that they were computed under, and sink: true if the softmax had a sink]`,
    );
    expect(() => build([0.5, 0.2], { learnedKey: true })).toThrow(/a sum of 0.7/);
    expect(() => build([0.5, NaN], { learnedKey: true })).toThrow(/finite and not negative, got NaN in batch 0, head 0, row 0/);
  });

  it("are rejected under a mask that is not theirs", () => {
    expect(() => build([0.5, 0.4], { sink: true }, 2, Uint8Array.of(1, 0))).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: attentionMaps: weights must be 0 outside the mask, got a sum of 0.4 in batch 0, head 0, row 0; pass the mask (true = may attend) that they were computed under]`,
    );
    expect(() => build([0.5, 0.5], { learnedKey: true }, 2, Uint8Array.of(1, 1))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: attentionMaps: mask must be 1 cells for [1, 1, 1, 1], got 2]`,
    );
    expect(() => build([], { learnedKey: true }, 0)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: attentionMaps: shape must be [batch, heads, queryLength, keyLength + 1] with a learned key, got [1, 1, 1, 0]]`,
    );
  });

  it("are read in bfloat16 only on request", () => {
    const weights = [0.50390625, 0.5];
    expect(() => build(weights, {})).toThrow(/± 0.001/);
    expect(build(weights, { precision: "bfloat16" }).rowSums[0]).toBe(1.00390625);
    expect(() => build([0.51, 0.5], { precision: "bfloat16" })).toThrow(/1 ± 0.0078125/);
    expect(build(weights, { precision: "bfloat16", sink: true }).extraWeights[0]).toBe(0);
    expect(() => build(weights, { precision: "float16" })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: attentionMaps: precision must be "float32" or "bfloat16", got "float16"]`,
    );
    expect(() => build(weights, { sink: 1 })).toThrow("attentionMaps: sink must be true or false, got 1");
  });
});
