import { gather, mean, memory, mul, square, sub, sum, type Tensor, tensor, tensor2d, zeros } from "@tensorflow/tfjs-core";
import { type MultiHeadAttention, multiHeadAttention } from "@tfblocks/attention";
import { analysisWeightsFixtures } from "@tfblocks/fixtures/analysis-weights";
import { Composite, ShapeError, ValueError } from "@tfblocks/tensor-utils";
import { backendNames, use, useBackend } from "@tfblocks/testkit";
import { bert, gpt2, t5 } from "@tfblocks/transformer/models";
import { beforeAll, describe, expect, it } from "vitest";
import { headImportance } from "../models.js";
import { differences, loadedModel } from "../testing/loaded-model.js";

describe.each(backendNames)("headImportance on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(["gpt2", "llama-default"] as const)("has the gradients of each sequence that PyTorch computes: %s", async (name) => {
    const { model, ids } = await loadedModel(name);
    const before = memory().numTensors;
    const { perHead, loss, sequences } = await headImportance(model, ids);
    expect(memory().numTensors).toBe(before);
    const expected = analysisWeightsFixtures[name].importance;
    expect(sequences).toBe(3);
    expect(loss).toBeCloseTo(expected.losses.reduce((total, each) => total + each, 0) / 3, 4);
    const heads = expected.gradients.flatMap((layer) => layer[0]!.map((_, head) => layer.map((sequence) => sequence[head]!)));
    perHead.forEach(({ gradients }, at) => expect(differences(gradients, heads[at]!)).toBeLessThan(1e-4));
    expect(perHead.map(({ importance }) => importance)).toEqual(
      perHead.map(({ gradients }) => gradients.reduce((total, each) => total + Math.abs(each), 0) / 3),
    );
  });
});

const ids = (rows: number[][]) => use(tensor2d(rows, undefined, "int32"));

/** Adds up the heads of an attention over one token: o = (1, 2). */
class SumOfHeads extends Composite {
  readonly attention: MultiHeadAttention;

  constructor({ attention }: { readonly attention: MultiHeadAttention }) {
    super("SumOfHeads");
    this.attention = attention;
  }

  apply(x: Tensor): Tensor {
    return this.attention.apply(x, x, x, { needWeights: false }).output;
  }

  parts() {
    return { attention: this.attention };
  }
}

function sumOfHeads(): SumOfHeads {
  const attention = multiHeadAttention({ dModel: 1, numHeads: 2, headDim: 1, bias: false });
  attention.value.weight.assign(use(tensor2d([[1], [2]])));
  attention.output.weight.assign(use(tensor2d([[1, 1]])));
  return use(new SumOfHeads({ attention }));
}

describe("headImportance of a known loss", () => {
  beforeAll(() => useBackend("cpu"));

  it("is the gradient of ½ (Σ ξ o − y)², which is unsigned, and the prediction has the sign", async () => {
    const { perHead, loss } = await headImportance(sumOfHeads(), [use(tensor([1], [1, 1, 1]))], (gated, x) =>
      mul(0.5, sum(square(sub(gated.apply(x), 1)), [1, 2])),
    );
    expect(loss).toBe(2);
    expect(perHead.map(({ importance }) => importance)).toEqual([2, 4]); // (Σ o − y) o with y = 1
    expect(
      differences(
        perHead.map(({ normalized }) => normalized),
        [1 / Math.sqrt(5), 2 / Math.sqrt(5)],
      ),
    ).toBeLessThan(1e-12);
    expect(perHead.map(({ predictedChange }) => predictedChange)).toEqual([-2, -4]);
  });

  it("takes the absolute value of each sequence before the mean, and nothing of one batch stays in the next", async () => {
    const losses = (gated: SumOfHeads, x: Tensor) => sum(mul(x, gated.apply(x)), [1, 2]); // o = x (1, 2), so ∂L/∂ξ = x² (1, 2)
    const signed = (gated: SumOfHeads, x: Tensor) => sum(gated.apply(x), [1, 2]); // ∂L/∂ξ = x (1, 2)
    const [both, minus, plus] = [[1, -1], [-1], [1]].map((values) => use(tensor(values, [values.length, 1, 1]))) as [
      Tensor,
      Tensor,
      Tensor,
    ];
    const model = sumOfHeads();
    for (const batches of [[both], [minus, plus], [plus, minus]]) {
      const { perHead, sequences } = await headImportance(model, batches, signed);
      expect(sequences).toBe(2);
      expect(perHead.map(({ importance }) => importance)).toEqual([1, 2]);
      expect(perHead.map(({ predictedChange }) => Object.is(predictedChange, 0))).toEqual([true, true]);
    }
    const repeated = await headImportance(model, [both, both, plus], losses);
    expect(repeated.perHead.map(({ importance }) => importance)).toEqual([1, 2]);
  });

  it("is 0, and its normalised value null, where the loss does not depend on the heads", async () => {
    const { perHead } = await headImportance(sumOfHeads(), [use(tensor([3], [1, 1, 1]))], (_gated, x) => sum(x, [1, 2]));
    expect(perHead).toEqual(
      [0, 1].map((head) => ({ attention: "attention", head, importance: 0, normalized: null, predictedChange: 0, gradients: [0] })),
    );
  });
});

describe("headImportance of models", () => {
  beforeAll(() => useBackend("cpu"));

  it("takes several tensors a batch, for example of an encoder-decoder", async () => {
    const model = use(t5({ vocabSize: 7, dModel: 4, numHeads: 2, hiddenDim: 4, numLayers: 1, numDecoderLayers: 1 }));
    const batch = [
      ids([
        [1, 2, 3],
        [3, 2, 1],
      ]),
      ids([
        [0, 4],
        [0, 5],
      ]),
    ] as const;
    const { perHead, sequences } = await headImportance(model, [batch], (gated, [source, target]) =>
      mean(gated.apply(source, target).logits, [1, 2]),
    );
    expect(sequences).toBe(2);
    expect(perHead.map(({ attention }) => attention.split(".").at(-1))).toEqual([
      "attention",
      "attention",
      "attention",
      "attention",
      "crossAttention",
      "crossAttention",
    ]);
    expect(perHead.every(({ importance }) => importance > 0)).toBe(true);
  });

  it("permutes with the heads", async () => {
    const model = use(gpt2({ vocabSize: 7, maxLength: 8, dModel: 8, numHeads: 2, numLayers: 1 }));
    const batch = ids([
      [1, 2, 3, 4],
      [6, 5, 4, 3],
    ]);
    const first = await headImportance(model, batch);
    const swapped = [4, 5, 6, 7, 0, 1, 2, 3];
    for (const [name, parameter] of Object.entries(model.parameters())) {
      if (!name.includes("attention.") || name.endsWith("output.bias")) continue;
      const axis = name.endsWith("output.weight") ? 1 : 0;
      parameter.assign(use(gather(parameter, use(tensor(swapped, [8], "int32")), axis)));
    }
    const second = await headImportance(model, batch);
    const of = (each: typeof first) => each.perHead.map(({ importance }) => importance);
    expect(differences(of(second).toReversed(), of(first))).toBeLessThan(1e-7);
    expect(Math.abs(of(first)[0]! - of(first)[1]!)).toBeGreaterThan(1e-7);
  });
});

describe("headImportance of what it cannot use", () => {
  beforeAll(() => useBackend("cpu"));

  it("refuses no batch, losses of another shape or that are not finite, and encoders without losses", async () => {
    const model = use(gpt2({ vocabSize: 7, maxLength: 8, dModel: 4, numHeads: 2, numLayers: 1 }));
    const [batch, one] = [ids([[1, 2, 3]]), ids([[1]])];
    const before = memory().numTensors;
    await expect(headImportance(model, [])).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ValueError: headImportance: batches must be a tensor or a list of batches, got an empty list]`,
    );
    await expect(headImportance(model, [batch], (gated, x) => sum(gated.apply(x).logits))).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: headImportance: losses must be a function that returns [1], one loss for each sequence, got []]`,
    );
    await expect(headImportance(model, [batch], (gated, x) => mul(sum(gated.apply(x).logits, [1, 2]), Infinity))).rejects.toThrow(
      ValueError,
    );
    await expect(headImportance(model, one)).rejects.toThrow(ValueError);
    await expect(headImportance(model, [batch], () => zeros([2]))).rejects.toThrow(ShapeError);
    const encoder = use(bert({ vocabSize: 7, maxLength: 8, dModel: 4, numHeads: 2, numLayers: 1, hiddenDim: 8 }));
    await expect(headImportance(encoder, batch)).rejects.toThrow("headImportance: losses must be given");
    await expect(headImportance({} as never, batch)).rejects.toThrow("headImportance: model must be a model");
    encoder.dispose();
    expect(memory().numTensors).toBe(before);
  });
});
