import { memory, tensor, tensor2d, zeros } from "@tensorflow/tfjs-core";
import { analysisWeightsFixtures } from "@tfblocks/fixtures/analysis-weights";
import { UnknownNameError, ValueError } from "@tfblocks/tensor-utils";
import { backendNames, use, useBackend } from "@tfblocks/testkit";
import type { LanguageModel } from "@tfblocks/transformer";
import { bert, gpt2 } from "@tfblocks/transformer/models";
import { beforeAll, describe, expect, it } from "vitest";
import { copyingOutput, copyingScores } from "../models.js";
import { differences, loadedModel } from "../testing/loaded-model.js";

const names = ["gpt2", "llama-default"] as const;
const size = 4;

/** A model of one layer whose tokens are the axes: W_E = W_U = I, and the head writes `sign` times what it attends to. */
function copier(sign: number): LanguageModel {
  const model = use(gpt2({ vocabSize: size, maxLength: 8, dModel: size, numHeads: 1, numLayers: 1 }));
  const identity = (factor: number) =>
    use(
      tensor(
        Array.from({ length: size * size }, (_, at) => (at % (size + 1) === 0 ? factor : 0)),
        [size, size],
      ),
    );
  for (const [name, parameter] of Object.entries(model.parameters())) {
    if (name.endsWith("Norm.weight")) continue;
    const factor = name.endsWith("attention.output.weight") ? sign : 1;
    const isIdentity = ["tokenEmbedding.weight", "attention.value.weight", "attention.output.weight"].some((end) => name.endsWith(end));
    parameter.assign(isIdentity ? identity(factor) : use(zeros(parameter.shape)));
  }
  return model;
}

describe("copyingScores", () => {
  beforeAll(() => useBackend("cpu"));

  it.each(names)("agree with the eigenvalues of the whole vocabulary's matrix in numpy: %s", async (name) => {
    const { model } = await loadedModel(name);
    const before = memory().numTensors;
    const [plain, folded] = [await copyingScores(model), await copyingScores(model, { foldNorm: true })];
    expect(memory().numTensors).toBe(before);
    const { copying } = analysisWeightsFixtures[name];
    expect(
      differences(
        plain.perHead.map(({ score }) => score),
        copying.plain,
      ),
    ).toBeLessThan(1e-9);
    expect(
      differences(
        folded.perHead.map(({ score }) => score),
        copying.folded,
      ),
    ).toBeLessThan(1e-9);
    expect(plain.perHead[0]!.eigenvalues.real.length).toBe(name === "gpt2" ? 12 : 10);
    expect(JSON.parse(JSON.stringify(plain))).toEqual(plain);
  });

  it("are 1 for a head that copies, −1 for one that writes the negative, null for one that writes nothing", async () => {
    const scores = await Promise.all([1, -1, 0].map(async (sign) => (await copyingScores(copier(sign))).perHead[0]!));
    expect(scores.map(({ score }) => score)).toEqual([1, -1, null]);
    expect(scores[1]!.eigenvalues.real).toEqual([-1, -1, -1, -1]);
  });

  it("refuse a model without a plain head, and unknown options", async () => {
    const model = use(bert({ vocabSize: 7, maxLength: 8, dModel: 4, numHeads: 2, numLayers: 1, hiddenDim: 8 }));
    await expect(copyingScores(model)).rejects.toThrow(ValueError);
    await expect(copyingScores(copier(1), { fold: true } as never)).rejects.toThrow(UnknownNameError);
  });
});

describe.each(backendNames)("copyingOutput on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(names)("agrees with PyTorch: %s", async (name) => {
    const { model, ids } = await loadedModel(name);
    const before = memory().numTensors;
    const { perHead } = await copyingOutput(model, ids);
    expect(memory().numTensors).toBe(before);
    const expected = analysisWeightsFixtures[name].copyingOutput;
    expect(perHead.length).toBe(expected.length);
    perHead.forEach(({ values }, at) => expect(differences(values, expected[at]!)).toBeLessThan(2e-3));
    const close = perHead.flatMap(({ values }, at) => values.filter((value, row) => Math.abs(value! - expected[at]![row]!) < 1e-5));
    expect(close.length / expected.flat().length).toBeGreaterThan(0.98);
  });
});

describe("copyingOutput", () => {
  beforeAll(() => useBackend("cpu"));
  const ids = () => use(tensor2d([[2, 0, 3]], [1, 3], "int32"));

  it("is 1 for a head that copies what it attends to, and −1 for one that lowers it", async () => {
    const [copying, lowering] = [await copyingOutput(copier(1), ids()), await copyingOutput(copier(-1), ids())];
    // Uniform attention over the past raises each attended token by the same amount: the ratio of row i is (1 / i) / (1 + 1 / i).
    expect(differences(copying.perHead[0]!.values, [1, 1 / 3, 0])).toBeLessThan(1e-5);
    expect(copying.perHead[0]!.nullScore).toBe(0);
    expect(copying.perHead[0]!.lift).toBeCloseTo(4 / 9, 5);
    expect(differences(lowering.perHead[0]!.values.slice(0, 2), [-1, -1])).toBeLessThan(1e-5);
  });

  it("is null for a head that writes nothing", async () => {
    const { perHead } = await copyingOutput(copier(0), ids());
    expect(perHead[0]).toMatchObject({ score: null, nullScore: null, lift: null, rowsUsed: 0, values: [null, null, null] });
  });

  it("refuses ids of another rank, and a model without a plain head", async () => {
    await expect(copyingOutput(copier(1), use(tensor([1, 2], [2], "int32")))).rejects.toThrow("copyingOutput: ids must be [batch, length]");
    const model = use(bert({ vocabSize: 7, maxLength: 8, dModel: 4, numHeads: 2, numLayers: 1, hiddenDim: 8 }));
    const before = memory().numTensors;
    await expect(copyingOutput(model, ids())).rejects.toThrow(ValueError);
    expect(memory().numTensors).toBe(before + 1);
  });
});
