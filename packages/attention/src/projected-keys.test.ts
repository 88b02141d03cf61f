import { dispose, grads, slice, sum, type Tensor, type Tensor3D } from "@tensorflow/tfjs-core";
import * as masks from "@tfblocks/masks";
import { RotaryEmbedding } from "@tfblocks/positional";
import { Linear, Random } from "@tfblocks/tensor-utils";
import { backendNames, expectClose, randomTensor, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { multiHeadAttention } from "./multi-head-attention-sizes.js";

const make = () =>
  multiHeadAttention({
    dModel: 8,
    numHeads: 4,
    numKvHeads: 2,
    headDim: 6,
    valueDim: 3,
    keyInputDim: 5,
    valueInputDim: 7,
    addBiasKv: true,
    keyNorm: new Linear({ inFeatures: 6, outFeatures: 6, random: new Random(2) }),
    rotary: new RotaryEmbedding({ headDim: 6 }),
    random: new Random(1),
  });
const exactly = { atol: 0, rtol: 0 };
const inputs = (): [Tensor, Tensor, Tensor] => [randomTensor([2, 3, 8], 1), randomTensor([2, 4, 5], 2), randomTensor([2, 4, 7], 3)];

describe.each(backendNames)("projected keys and values on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it("give the result of apply, for all queries at once or one after another", async () => {
    const [attention, [query, key, value]] = use([use(make()), inputs()]);
    const options = { mask: masks.causal(), queryOffset: 12, keyOffset: 10 };
    const whole = use(attention.apply(query, key, value, options));
    const projected = use(attention.project(key, value, { keyOffset: 10 }));
    const again = use(attention.attend(query, projected, options));
    await expectClose(again.output, whole.output, exactly);
    await expectClose(again.weights!, whole.weights, exactly);
    for (const index of [0, 1, 2]) {
      const [one, expected] = use([query, whole.output].map((each) => slice(each as Tensor3D, [0, index, 0], [-1, 1, -1])));
      const { output } = use(attention.attend(one!, projected, { mask: masks.causal(), queryOffset: 12 + index, needWeights: false }));
      await expectClose(output, expected!, { atol: 1e-6, rtol: 1e-5 });
    }
  });

  it("propagate gradients to their inputs", async () => {
    const [attention, [query, key, value]] = use([use(make()), inputs()]);
    const joined = grads((...[q, k, v]: Tensor[]) => sum(attention.apply(q!, k!, v!, { needWeights: false }).output));
    const separate = grads((...[q, k, v]: Tensor[]) => sum(attention.attend(q!, attention.project(k!, v!), { needWeights: false }).output));
    const [expected, received] = [use(joined([query, key, value])), use(separate([query, key, value]))];
    for (const [index, each] of received.entries()) await expectClose(each, expected[index]!, { atol: 1e-6, rtol: 1e-5 });
  });
});

describe("projected keys and values", () => {
  beforeAll(() => useBackend("cpu"));

  it("belong to the caller, even if the projection returns its input unchanged", () => {
    const [attention, x] = [use(multiHeadAttention({ dModel: 4, numHeads: 1, bias: false })), randomTensor([1, 2, 4], 1)];
    const { key, value, keyOffset } = attention.project(x, x);
    expect([key.shape, value.shape, keyOffset]).toEqual([[1, 1, 2, 4], [1, 1, 2, 4], 0]);
    dispose([key, value]);
    expect(x.isDisposed).toBe(false);
  });

  it("are rejected when their shapes do not match", () => {
    const [attention, [query, key, value]] = use([use(make()), inputs()]);
    expect(() => attention.project(value, value)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: MultiHeadAttention.project: key must be [batch, keyLength, keyInputDim] with keyInputDim = 5 (from the key projection), got [2, 4, 7]]`,
    );
    expect(() => attention.attend(query, { key, value, keyOffset: 0 } as never)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: MultiHeadAttention.attend: key must be [batch, kvHeads, keyLength, headDim], got [2, 4, 5]]`,
    );
    const projected = use(attention.project(key, value));
    const longer = randomTensor([3, 3, 8], 1);
    expect(() => attention.attend(longer, projected)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: MultiHeadAttention.attend: key must be [batch, kvHeads, keyLength, headDim] with batch = 3 (from query), got [2, 2, 4, 6]]`,
    );
  });
});
