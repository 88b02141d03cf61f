import { concat, mean, ones, reshape, squaredDifference, sum, type Tensor, train, variableGrads, zeros } from "@tensorflow/tfjs-core";
import * as masks from "@tfblocks/masks";
import { type Initializer, Linear, Random } from "@tfblocks/tensor-utils";
import "@tfblocks/tensor-utils/gradients";
import { backendNames, checkGradients, describeBlock, expectClose, randomTensor, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, expectTypeOf, it } from "vitest";
import { multiHeadAttention } from "./multi-head-attention-sizes.js";

for (const backend of backendNames) {
  describeBlock(`MultiHeadAttention on ${backend}`, {
    prepare: () => useBackend(backend),
    make: () =>
      multiHeadAttention({
        dModel: 8,
        numHeads: 4,
        numKvHeads: 2,
        learnedSink: true,
        addBiasKv: true,
        queryNorm: new Linear({ inFeatures: 2, outFeatures: 2 }),
        keyNorm: new Linear({ inFeatures: 2, outFeatures: 2 }),
      }),
    input: () => randomTensor([2, 5, 8], 1),
    apply: (attention, x) => attention.apply(x, x, x, { needWeights: false }).output,
    calls: backend.startsWith("web") ? 20 : 1000,
  });

  describe(`MultiHeadAttention on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    it("learns: Adam reduces the error", async () => {
      const attention = use(multiHeadAttention({ dModel: 8, numHeads: 2, random: new Random(3) }));
      const [x, target] = [randomTensor([4, 6, 8], 1), randomTensor([4, 6, 8], 2)];
      const optimizer = use(train.adam(0.03));
      const loss = () =>
        mean(squaredDifference(attention.apply(x, x, x, { mask: masks.causal(), needWeights: false }).output, target)) as never;
      const first = await number(optimizer.minimize(loss, true)!);
      for (let step = 0; step < 30; step++) optimizer.minimize(loss);
      const last = await number(optimizer.minimize(loss, true)!);
      expect(last).toBeLessThan(0.7 * first);
    });
  });

  describe(`gradients of MultiHeadAttention on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    it.each([
      [0, 3],
      [2, 0],
    ])("takes a batch of %i and a length of %i with every part at once", async (batch, length) => {
      const attention = use(multiHeadAttention({ dModel: 8, numHeads: 4, numKvHeads: 2, addBiasKv: true, learnedSink: true, softcap: 4 }));
      const x = randomTensor([batch, length, 8], 1);
      const bias = randomTensor([length, 1], 2);
      const { output, weights } = use(attention.apply(x, x, x, { mask: masks.causal(), bias, averageWeights: true }));
      expect([output.shape, weights!.shape]).toEqual([x.shape, [batch, length, length + 1]]);
      const flat = (y: Tensor) => concat([reshape(y, [y.size]), ones([1])]); // GPU backends cannot sum an empty tensor
      const loss = () => sum(flat(attention.apply(x, x, x, { mask: masks.causal(), needWeights: false }).output)) as never;
      const { grads } = use(variableGrads(loss, Object.values(attention.parameters())));
      for (const each of Object.values(grads)) expect((await each.data()).every((element) => element === 0)).toBe(true);
    });

    it("has the gradients of finite differences with all optional parts", async () => {
      const attention = use(
        multiHeadAttention({
          dModel: 8,
          numHeads: 4,
          numKvHeads: 2,
          headDim: 3,
          valueDim: 5,
          keyInputDim: 6,
          valueInputDim: 7,
          addBiasKv: true,
          learnedSink: true,
          softcap: 4,
        }),
      );
      const [query, key, value] = [randomTensor([2, 4, 8], 1), randomTensor([2, 3, 6], 2), randomTensor([2, 3, 7], 3)];
      await checkGradients(
        (q, k, v) => attention.apply(q!, k!, v!, { mask: masks.causal(), needWeights: false }).output,
        [query, key, value],
      );
    });
  });
}

describe("MultiHeadAttention", () => {
  beforeAll(() => useBackend("cpu"));

  it("frees its parameters when an initializer throws", () => {
    let calls = 0;
    const init: Initializer = (shape) => {
      if (calls++ === 2) throw new Error("no more");
      return zeros([...shape]);
    };
    expect(() => multiHeadAttention({ dModel: 8, numHeads: 2, init })).toThrow("no more");
  });

  it("returns weights per head, averaged, or none", () => {
    const attention = use(multiHeadAttention({ dModel: 8, numHeads: 2 }));
    const x = randomTensor([3, 5, 8], 1);
    const shapeOf = (options: object) => {
      const { output, weights } = attention.apply(x, x, x, options);
      const shape = weights?.shape;
      output.dispose();
      weights?.dispose();
      return shape;
    };
    expect([shapeOf({}), shapeOf({ averageWeights: true }), shapeOf({ needWeights: false })]).toEqual([[3, 2, 5, 5], [3, 5, 5], undefined]);
  });

  it("has a type with weights unless needWeights is false", () => {
    const attention = use(multiHeadAttention({ dModel: 4, numHeads: 2 }));
    const x = use(ones([1, 2, 4]));
    const { weights } = use(attention.apply(x, x, x));
    expectTypeOf(weights).toEqualTypeOf<Tensor>();
    expect(weights.shape).toEqual([1, 2, 2, 2]);
    const declined = use(attention.apply(x, x, x, { needWeights: false }));
    expectTypeOf(declined.weights).toEqualTypeOf<Tensor | undefined>();
  });
});

describe("multiHeadAttention", () => {
  beforeAll(() => useBackend("cpu"));

  it("initializes its input projections as PyTorch does, within the bound of the packed matrix", async () => {
    const attention = use(multiHeadAttention({ dModel: 32, numHeads: 4 }));
    const { "query.weight": weight, "query.bias": bias, "output.bias": outputBias } = attention.parameters();
    const largest = Math.max(...(await weight!.data()).map(Math.abs));
    expect(largest).toBeLessThanOrEqual(Math.sqrt(6 / (4 * 32)) + 1e-7);
    expect(largest).toBeGreaterThan(0.95 * Math.sqrt(6 / (4 * 32)));
    expect(new Set([...(await bias!.data()), ...(await outputBias!.data())])).toEqual(new Set([0]));
  });
});

describe("the dropout of multiHeadAttention", () => {
  beforeAll(() => useBackend("cpu"));

  it("drops weights only in training, and the same ones for the same seed", async () => {
    const attention = use(multiHeadAttention({ dModel: 8, numHeads: 2, dropout: 0.5 }));
    const x = randomTensor([1, 6, 8], 1);
    const output = (options: object) => attention.apply(x, x, x, { ...options, needWeights: false }).output;
    const [calm, first, again, other] = [
      use(output({ seed: 1 })),
      use(output({ training: true, seed: 1 })),
      use(output({ training: true, seed: 1 })),
      use(output({ training: true, seed: 2 })),
    ];
    await expectClose(first, again, { atol: 0, rtol: 0 });
    for (const different of [calm, other]) expect(await different.data()).not.toEqual(await first.data());
    expect(() => output({ training: true })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: MultiHeadAttention.apply: seed must be set when training with dropout, got undefined; pass a different integer at each step]`,
    );
  });
});

describe("the sizes of multiHeadAttention", () => {
  beforeAll(() => useBackend("cpu"));

  it("rejects invalid sizes", () => {
    const make = (config: object) => () => multiHeadAttention({ dModel: 8, numHeads: 2, ...config });
    expect(make({ dModel: 9 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: multiHeadAttention: dModel must be divisible by numHeads = 2, got 9; or set headDim]`,
    );
    expect(make({ numHeads: 4, numKvHeads: 3 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: multiHeadAttention: numKvHeads must be a divisor of numHeads = 4, got 3]`,
    );
    expect(make({ dropOut: 0.1 })).toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: multiHeadAttention: unknown size "dropOut"; it is called "dropout" here; known sizes: dModel, numHeads, numKvHeads, headDim, valueDim, keyInputDim, valueInputDim, bias, addBiasKv, addZeroAttn, learnedSink, scale, softcap, dropout, queryNorm, keyNorm, rotary, init, random]`,
    );
    expect(make({ numHeads: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: multiHeadAttention: numHeads must be an integer >= 1, got 0]`,
    );
    expect(make({ dropout: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: MultiHeadAttention: dropout must be a number in [0, 1), got 1]`,
    );
    expect(make({ scale: Number.NaN })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: MultiHeadAttention: scale must be a finite float32 number, got NaN]`,
    );
    expect(make({ softcap: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: MultiHeadAttention: softcap must be a finite float32 number > 0, got 0]`,
    );
    expect(make({ addZeroAttn: true, learnedSink: true })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: multiHeadAttention: learnedSink must be false when addZeroAttn is true, got true; both add a sink, choose one]`,
    );
  });

  it("rejects a bias that is neither a flag nor one for each projection", () => {
    const make = (bias: unknown) => () => multiHeadAttention({ dModel: 4, numHeads: 2, bias: bias as never });
    expect(make("false")).toThrow('multiHeadAttention: bias must be true or false, got "false"');
    expect(make(null)).toThrow("multiHeadAttention: bias must be true or false, got null");
    expect(make({ query: 0 })).toThrow("multiHeadAttention: query must be true or false, got 0");
    expect(make({ qeury: false })).toThrow('multiHeadAttention: unknown projection "qeury"; known projections: query, key, value, output');
  });
});

async function number(tensor: Tensor): Promise<number> {
  const [value] = await tensor.data();
  tensor.dispose();
  return value!;
}
