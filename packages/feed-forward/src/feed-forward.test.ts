import { grads, mean, type Scalar, squaredDifference, type Tensor, train, zeros } from "@tensorflow/tfjs-core";
import { type Linear, Random, zerosInit } from "@tfblocks/tensor-utils";
import "@tfblocks/tensor-utils/gradients";
import {
  backendNames,
  checkGradients,
  countsMemory,
  describeBlock,
  erf,
  expectClose,
  randomTensor,
  rowsOf,
  use,
  useBackend,
} from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { silu } from "./activations/silu.js";
import { dropout } from "./dropout.js";
import type { FeedForward } from "./feed-forward.js";
import { feedForward } from "./feed-forward-sizes.js";
import type { GatedFeedForward } from "./gated-feed-forward.js";
import { gatedFeedForward } from "./feed-forward-sizes.js";
import { gatedHiddenDim } from "./gated-hidden-dim.js";
import { geglu, glu, reglu, swiglu } from "./glu-variants.js";

type Gate = (x: number) => number;
const sigmoid: Gate = (x) => 1 / (1 + Math.exp(-x));
const gates = {
  glu: [glu, sigmoid],
  reglu: [reglu, (x) => Math.max(0, x)],
  geglu: [geglu, (x) => (x / 2) * (1 + erf(x / Math.SQRT2))],
  swiglu: [swiglu, (x) => x * sigmoid(x)],
} satisfies Record<string, readonly [typeof glu, Gate]>;

type Map64 = (row: readonly number[]) => number[];

/** row Wᵀ + b in float64. */
async function affine({ weight, bias }: Linear): Promise<Map64> {
  const [rows, biases] = [rowsOf(await weight.data(), weight.shape[1]!), await bias?.data()];
  return (row) => rows.map((each, out) => each.reduce((sum, factor, index) => sum + factor * row[index]!, biases?.[out] ?? 0));
}

/** The output of a block in float64, token by token. */
async function oracle(x: Tensor, token: Map64): Promise<{ shape: number[]; data: number[] }> {
  return { shape: x.shape, data: rowsOf(await x.data(), x.shape.at(-1)!).flatMap(token) };
}

for (const backend of backendNames) {
  const shared = { prepare: () => useBackend(backend), input: () => randomTensor([2, 5, 6], 1), calls: countsMemory(backend) ? 500 : 20 };
  describeBlock(`FeedForward on ${backend}`, {
    ...shared,
    make: () => feedForward({ dModel: 6, hiddenDim: 7 }),
    apply: (block, x) => block.apply(x),
  });
  describeBlock(`GatedFeedForward on ${backend}, training`, {
    ...shared,
    make: () => gatedFeedForward({ dModel: 6, hiddenDim: 7, bias: true, dropout: 0.3 }),
    apply: (block, x) => block.apply(x, { training: true, seed: 3 }),
  });

  describe(`feed-forward blocks on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    it.each([[[4, 6]], [[2, 3, 6]], [[1, 2, 3, 6]], [[1, 6]]])("FeedForward is down(relu(up(x))) for x of shape %j", async (shape) => {
      const block = use(feedForward({ dModel: 6, hiddenDim: 5, init: (size) => randomTensor(size, 9, 0.5) }));
      const x = randomTensor(shape, 1);
      const [up, down] = [await affine(block.up), await affine(block.down)];
      await expectClose(block.apply(x), await oracle(x, (row) => down(up(row).map(gates.reglu[1]))));
      expect(use(block.hidden(x)).shape).toEqual([...shape.slice(0, -1), 5]);
    });

    it.each(Object.keys(gates) as (keyof typeof gates)[])("%s is down(activation(gate(x)) · up(x))", async (name) => {
      const [build, gate] = gates[name];
      const block = use(build({ dModel: 6, hiddenDim: 5, bias: true }));
      const x = randomTensor([2, 3, 6], 1);
      const [open, up, down] = [await affine(block.gate), await affine(block.up), await affine(block.down)];
      const hidden: Map64 = (row) => open(row).map((each, index) => gate(each) * up(row)[index]!);
      await expectClose(block.apply(x), await oracle(x, (row) => down(hidden(row))));
    });
  });

  describe(`gradients of feed-forward blocks on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    it("are those of finite differences, dropout included", async () => {
      const x = randomTensor([2, 3, 6], 1);
      const [plain, gated] = [use(feedForward({ dModel: 6, dropout: 0.3 })), use(swiglu({ dModel: 6, hiddenDim: 8, dropout: 0.3 }))];
      await checkGradients((at) => plain.apply(at!, { training: true, seed: 5 }), [x]);
      await checkGradients((at) => gated.apply(at!, { training: true, seed: 5 }), [x]);
    });

    it("are empty for an empty sequence", async () => {
      const x = use(zeros([2, 0, 6]));
      for (const block of [use(feedForward({ dModel: 6 })), use(swiglu({ dModel: 6, hiddenDim: 8 }))]) {
        expect(use(block.apply(x)).shape).toEqual([2, 0, 6]);
        const loss = (...at: Tensor[]) => block.apply(at[0]!);
        expect(use(grads(loss)([x], x))[0]!.shape).toEqual([2, 0, 6]);
      }
    });

    it("reduce the error with Adam", async () => {
      const [x, target] = [randomTensor([4, 6, 6], 1), randomTensor([4, 6, 6], 2)];
      for (const block of [use(feedForward({ dModel: 6 })), use(swiglu({ dModel: 6, hiddenDim: 16 }))]) {
        const optimizer = use(train.adam(0.03));
        const loss = () => mean(use(squaredDifference(use(block.apply(x)), target))) as Scalar;
        const [first] = await use(optimizer.minimize(loss, true))!.data();
        for (let step = 0; step < 30; step++) use(optimizer.minimize(loss));
        const [last] = await use(optimizer.minimize(loss, true))!.data();
        expect(last).toBeLessThan(0.8 * first!);
      }
    });
  });
}

describe("feed-forward blocks", () => {
  beforeAll(() => useBackend("cpu"));

  it("apply dropout to the hidden layer in training only, determined by the seed", async () => {
    const block = use(feedForward({ dModel: 6, dropout: 0.5 }));
    const x = randomTensor([2, 3, 6], 1);
    const [plain, dropped, again, other] = [
      use(block.apply(x, { seed: 1 })),
      use(block.apply(x, { training: true, seed: 1 })),
      use(block.apply(x, { training: true, seed: 1 })),
      use(block.apply(x, { training: true, seed: 2 })),
    ];
    await expectClose(plain, block.down.apply(use(block.hidden(x))), { atol: 0, rtol: 0 });
    await expectClose(dropped, block.down.apply(use(dropout(use(block.hidden(x)), { rate: 0.5, seed: 1 }))), { atol: 0, rtol: 0 });
    await expectClose(again, dropped, { atol: 0, rtol: 0 });
    expect(Array.from(await other.data())).not.toEqual(Array.from(await dropped.data()));
  });

  it("have parameters of the documented names and shapes", () => {
    const shapes = (block: FeedForward | GatedFeedForward) =>
      Object.fromEntries(Object.entries(block.parameters()).map(([name, { shape }]) => [name, shape]));
    expect(shapes(use(feedForward({ dModel: 3 })))).toEqual({
      "up.weight": [12, 3],
      "up.bias": [12],
      "down.weight": [3, 12],
      "down.bias": [3],
    });
    expect(shapes(use(gatedFeedForward({ dModel: 3, hiddenDim: 5 })))).toEqual({
      "gate.weight": [5, 3],
      "up.weight": [5, 3],
      "down.weight": [3, 5],
    });
  });

  it("accept an activation by name or as a function, and have it as a field", () => {
    expect(use(feedForward({ dModel: 2, activation: "swish" })).activation).toBe(silu);
    expect(use(gatedFeedForward({ dModel: 2, hiddenDim: 3 })).activation).toBe(silu);
    const own = (x: Tensor) => silu(x);
    expect(use(gatedFeedForward({ dModel: 2, hiddenDim: 3, activation: own })).activation).toBe(own);
  });

  it("have initial values determined by the seed, different for each projection", async () => {
    const make = (seed: number) => gatedFeedForward({ dModel: 4, hiddenDim: 4, random: new Random(seed) });
    const [a, b, c] = [use(make(1)), use(make(1)), use(make(2))];
    await expectClose(a.gate.weight, b.gate.weight, { atol: 0, rtol: 0 });
    expect(await a.gate.weight.data()).not.toEqual(await c.gate.weight.data());
    expect(await a.gate.weight.data()).not.toEqual(await a.up.weight.data());
  });
});

describe("feed-forward blocks and errors", () => {
  beforeAll(() => useBackend("cpu"));

  it("free their parameters when an initializer throws", () => {
    let calls = 0;
    const init: typeof zerosInit = (shape, random) => {
      if (calls++ === 2) throw new Error("no more");
      return zerosInit(shape, random);
    };
    expect(() => gatedFeedForward({ dModel: 2, hiddenDim: 3, init })).toThrow("no more");
  });

  it("reject invalid sizes, and do not leak", () => {
    expect(() => feedForward({ dModel: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: feedForward: dModel must be an integer >= 1, got 0]`,
    );
    expect(() => feedForward(undefined as never)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: feedForward: sizes must be an object, got undefined; call feedForward({ dModel: … })]`,
    );
    expect(() => feedForward({ dModel: 2, hidden: 3 } as never)).toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: feedForward: unknown size "hidden"; known sizes: dModel, hiddenDim, activation, bias, dropout, init, random]`,
    );
    expect(() => feedForward({ dModel: 2, dropout: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: FeedForward: dropout must be a number in [0, 1), got 1]`,
    );
    expect(() => feedForward({ dModel: 2, activation: "mish" as never })).toThrow("feedForward: activation must be one of gelu, geluTanh");
    expect(() => gatedFeedForward({ dModel: 2 } as never)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: gatedFeedForward: hiddenDim must be an integer >= 1, got undefined]`,
    );
  });
});

describe("feed-forward blocks", () => {
  beforeAll(() => useBackend("cpu"));

  it("reject invalid inputs and options, and do not leak", () => {
    const block = use(feedForward({ dModel: 2, dropout: 0.1 }));
    const [x, wide, flat] = [use(zeros([1, 2])), use(zeros([1, 3])), use(zeros([2]))];
    expect(() => block.apply(wide)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: FeedForward.apply: x must be [..., length, dModel] with dModel = 2 (from the up projection), got [1, 3]]`,
    );
    expect(() => block.apply(flat)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: FeedForward.apply: x must be [..., length, dModel], got [2]]`,
    );
    expect(() => block.apply(x, { training: true })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: FeedForward.apply: seed must be set when training with dropout, got undefined; pass a different integer at each step]`,
    );
    expect(() => block.apply(x, { train: true } as never)).toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: FeedForward.apply: unknown option "train"; it is called "training" here; known options: training, seed]`,
    );
  });
});

describe("gatedHiddenDim", () => {
  it.each([
    [{ dModel: 768 }, 2048],
    [{ dModel: 4096, multipleOf: 256 }, 11008],
    [{ dModel: 5120, multipleOf: 256 }, 13824],
    [{ dModel: 1 }, 2],
    [{ dModel: 96, multipleOf: 256 }, 256],
  ])("of %j is %i", (sizes, expected) => expect(gatedHiddenDim(sizes)).toBe(expected));

  it("rejects invalid sizes", () => {
    expect(() => gatedHiddenDim({ dModel: 2.5 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: gatedHiddenDim: dModel must be an integer >= 1, got 2.5]`,
    );
    expect(() => gatedHiddenDim({ dModel: 2, multipleOf: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: gatedHiddenDim: multipleOf must be an integer >= 1, got 0]`,
    );
  });
});
