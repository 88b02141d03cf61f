import { type Tensor, zeros } from "@tensorflow/tfjs-core";
import { type Block, borrowed, Linear, Random, replaceParts } from "@tfblocks/tensor-utils";
import { expectClose, randomTensor, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { MultiHeadAttention } from "./multi-head-attention.js";
import type { MultiHeadAttentionParts } from "./multi-head-attention-parts.js";
import { multiHeadAttention } from "./multi-head-attention-sizes.js";

const linear = (inFeatures: number, outFeatures: number) => use(new Linear({ inFeatures, outFeatures, random: new Random(1) }));
const parts = () => ({ query: linear(8, 8), key: linear(8, 4), value: linear(8, 4), output: linear(8, 8), numHeads: 4, numKvHeads: 2 });
const make = (changed: object) => () => new MultiHeadAttention({ ...parts(), ...changed } as MultiHeadAttentionParts);

/** A projection that does not tell its widths. */
const silent = (map: Linear): Block => ({
  apply: (x: Tensor) => map.apply(x),
  parameters: () => map.parameters(),
  stateDict: () => map.stateDict(),
  loadStateDict: (state) => map.loadStateDict(state),
  dispose: () => map.dispose(),
});

describe("MultiHeadAttention from parts", () => {
  beforeAll(() => useBackend("cpu"));

  it("computes the same as the block that the builder makes of these parts", async () => {
    const x = randomTensor([2, 3, 8], 1);
    const built = use(multiHeadAttention({ dModel: 8, numHeads: 4, numKvHeads: 2 }));
    const { query, key, value, output } = built;
    const attention = new MultiHeadAttention({ query, key, value, output, numHeads: 4, numKvHeads: 2 });
    await expectClose(use(attention.apply(x, x, x)).output, use(built.apply(x, x, x)).output, { atol: 0, rtol: 0 });
    expect(Object.keys(attention.parameters())).toEqual(Object.keys(built.parameters()));
  });

  it("takes projections that do not tell their widths", async () => {
    const [x, given] = [randomTensor([1, 3, 8], 1), parts()];
    const told = new MultiHeadAttention(given);
    const attention = new MultiHeadAttention({ ...given, query: silent(given.query), value: silent(given.value) });
    await expectClose(use(attention.apply(x, x, x)).output, use(told.apply(x, x, x)).output, { atol: 0, rtol: 0 });
  });
});

describe("MultiHeadAttention and parts that do not fit", () => {
  beforeAll(() => useBackend("cpu"));

  it("rejects parts that are missing, unknown or of other widths", () => {
    expect(make({ dModel: 8 })).toThrow('MultiHeadAttention: unknown part "dModel"; known parts: query, key');
    expect(make({ value: undefined })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: MultiHeadAttention: value must be a block with an apply method, got undefined]`,
    );
    expect(make({ numHeads: 3, numKvHeads: 3 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: MultiHeadAttention: query.outFeatures must be divisible by numHeads = 3, got 8]`,
    );
    expect(make({ numKvHeads: 3 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: MultiHeadAttention: numKvHeads must be a divisor of numHeads = 4, got 3]`,
    );
    expect(make({ key: linear(8, 6) })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: MultiHeadAttention: key.outFeatures must be 4 (numKvHeads × headDim of the query), got 6]`,
    );
    expect(make({ output: linear(6, 8) })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: MultiHeadAttention: output.inFeatures must be 8 (numHeads × valueDim of the value), got 6]`,
    );
    expect(make({ biasKey: use(zeros([1, 1, 4])) })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: MultiHeadAttention: biasValue must be set together with biasKey, got undefined]`,
    );
    expect(make({ sink: Number.NaN })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: MultiHeadAttention: sink must be a finite float32 number, got NaN]`,
    );
  });

  it("rejects a replaced part of another width, and frees what the replacement made", () => {
    const attention = use(multiHeadAttention({ dModel: 8, numHeads: 4 }));
    const wide = () => new Linear({ inFeatures: 8, outFeatures: 12 });
    expect(() => replaceParts(attention, "key", wide)).toThrow(
      "MultiHeadAttention: key.outFeatures must be 8 (numKvHeads × headDim of the query), got 12",
    );
    const doubled = use(
      replaceParts(attention, "key", (key: Linear) => borrowed(key, (inner) => ({ apply: (x: Tensor) => inner.apply(x) }))),
    );
    expect(doubled.numHeads).toBe(4);
  });
});
