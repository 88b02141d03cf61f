import { fill, memory, type Tensor, tensor2d } from "@tensorflow/tfjs-core";
import { fusedBackendNames, use, useBackend } from "@tfblocks/testkit";
import type { LanguageModel } from "@tfblocks/transformer";
import { gpt2 } from "@tfblocks/transformer/models";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ablate, headsOf, lossChange, outputOf, tokenLosses, withEdits } from "../models.js";
import { batchOf, golden } from "../testing/golden-batch.js";

/** -ln softmax(logits)[target] in float64. */
function lossOf(logits: readonly number[], target: number): number {
  const largest = Math.max(...logits);
  return Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0)) + largest - logits[target]!;
}

function expectLosses(actual: readonly (readonly (number | null)[])[], expected: readonly (readonly (number | null)[])[]): void {
  expect(actual.map((row) => row.map((loss) => loss === null))).toEqual(expected.map((row) => row.map((loss) => loss === null)));
  actual.forEach((row, at) => row.forEach((loss, position) => expect(loss ?? 0).toBeCloseTo(expected[at]![position] ?? 0, 4)));
}

describe.each(["cpu", fusedBackendNames[0]!] as const)("tokenLosses on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(["gpt2", "llama-default", "gemma2", "gpt-neox", "t5-relu"] as const)("%s: from the logits of transformers", async (name) => {
    const loaded = await golden(name);
    const { ids, options, logits } = await batchOf(loaded, "unpadded");
    const tokens = (await ids.array()) as number[][];
    const expected = tokens.map((row, at) => row.slice(1).map((next, position) => lossOf(logits[at]![position]!, next)));
    const before = memory().numTensors;
    const { losses, mean, count } = await tokenLosses(loaded.model, ids, options);
    expect(memory().numTensors).toBe(before);
    expectLosses(losses, expected);
    expect(count).toBe(expected.flat().length);
    expect(mean).toBeCloseTo(expected.flat().reduce((sum, loss) => sum + loss, 0) / count, 4);
  });

  it.each(["rightPadded", "leftPadded"] as const)("%s tokens have no loss, and the others keep theirs", async (side) => {
    const loaded = await golden("gpt2");
    const { ids, options, logits } = await batchOf(loaded, side);
    const keep = loaded.fixture.case.inputs[side].attention_mask;
    const tokens = (await ids.array()) as number[][];
    const expected = tokens.map((row, at) =>
      row.slice(1).map((next, i) => (keep[at]![i] === 1 && keep[at]![i + 1] === 1 ? lossOf(logits[at]![i]!, next) : null)),
    );
    expect(expected.flat()).toContain(null);
    expectLosses((await tokenLosses(loaded.model, ids, options)).losses, expected);
  });

  it("bert: at the positions that have a target", async () => {
    const loaded = await golden("bert-masked-lm");
    const { ids, options, logits } = await batchOf(loaded, "unpadded");
    const [batch, length] = ids.shape as [number, number];
    const wanted = Array.from({ length: batch }, (_, row) => Array.from({ length }, (_other, at) => (at % 3 === 1 ? row + at : -100)));
    const expected = wanted.map((row, at) => row.map((target, i) => (target === -100 ? null : lossOf(logits[at]![i]!, target))));
    const targets = use(tensor2d(wanted, [batch, length], "int32"));
    expectLosses((await tokenLosses(loaded.model, ids, { ...options, targets })).losses, expected);
  });
});

describe("tokenLosses and lossChange", () => {
  let model: LanguageModel;
  let ids: Tensor;
  beforeAll(() => useBackend("cpu"));
  beforeEach(() => {
    model = use(gpt2({ vocabSize: 11, maxLength: 8, dModel: 12, numHeads: 3, numLayers: 2 }));
    ids = use(tensor2d([[1, 2, 3, 4]], [1, 4], "int32"));
  });

  it("of one token there is no loss, and the mean is null", async () => {
    const one = use(tensor2d([[3]], [1, 1], "int32"));
    expect(await tokenLosses(model, one)).toEqual({ losses: [[]], mean: null, count: 0 });
  });

  it("the change is the loss of the edited model minus that of the model", async () => {
    const edits = [ablate(headsOf("layers.1.attention", 1)), ablate(outputOf("layers.0.feedForward"))];
    const before = memory().numTensors;
    const { original, edited, changes, mean } = await lossChange(model, edits, ids);
    expect(memory().numTensors).toBe(before);
    expect(original).toEqual(await tokenLosses(model, ids));
    expect(edited).toEqual(await tokenLosses(withEdits(model, edits), ids));
    expect(changes[0]!.every((change, at) => change === edited.losses[0]![at]! - original.losses[0]![at]!)).toBe(true);
    expect(changes[0]!.some((change) => Math.abs(change!) > 1e-5)).toBe(true);
    expect(mean).toBe(edited.mean! - original.mean!);
  });
});

interface Refused {
  readonly ids: number[][];
  readonly targets?: number[][];
  readonly source?: number[][];
  readonly of?: "distilbert-bare" | "bert-masked-lm" | "t5-relu";
  readonly options?: object;
}

const refusals: readonly [string, Refused, string][] = [
  ["an id outside the vocabulary", { ids: [[1, 11]] }, "ids must be an integer from 0 to 10, got 11"],
  ["no ids", { ids: [[]] }, "ids must be at least one token, got [1, 0]"],
  ["an unknown option", { ids: [[1]], options: { target: 1 } }, 'unknown option "target"'],
  ["a target outside the vocabulary", { ids: [[1, 2]], targets: [[-1, 2]] }, "targets must be an integer from 0 to 10, got -1"],
  ["targets of another shape", { ids: [[1, 2]], targets: [[1]] }, "targets must be [batch, length] with length = 2 (from ids), got [1, 1]"],
  ["a source without an encoder", { ids: [[1]], source: [[1]] }, "source must be left out, as the model has no encoder, got int32 [1, 1]"],
  ["a model without head", { ids: [[1]], of: "distilbert-bare" }, "model must be a model with a head, which gives logits, got one without"],
  [
    "no targets for BERT",
    { ids: [[1]], of: "bert-masked-lm" },
    "targets must be given for a model that is not causal, got undefined; pass",
  ],
  ["no source for T5", { ids: [[1]], of: "t5-relu" }, "source must be the ids that the encoder reads, got undefined"],
];

describe("tokenLosses refuses", () => {
  let model: LanguageModel;
  const ids = (rows: number[][]) => use(tensor2d(rows, [rows.length, rows[0]!.length], "int32"));
  beforeAll(async () => {
    await useBackend("cpu");
    model = gpt2({ vocabSize: 11, maxLength: 8, dModel: 12, numHeads: 3, numLayers: 1 });
  });
  afterAll(() => model.dispose());

  it.each(refusals)("%s", async (_title, refused, message) => {
    const { of, options, ids: rows, ...tensors } = refused;
    const given = Object.fromEntries(Object.entries(tensors).map(([name, value]) => [name, ids(value)]));
    const called = of === undefined ? model : (await golden(of)).model;
    const input = ids(rows);
    const before = memory().numTensors;
    await expect(tokenLosses(called, input, { ...given, ...options })).rejects.toThrow(`tokenLosses: ${message}`);
    expect(memory().numTensors).toBe(before);
  });

  it("weights that are not numbers, and frees what it made", async () => {
    const broken = use(gpt2({ vocabSize: 11, maxLength: 8, dModel: 12, numHeads: 3, numLayers: 1 }));
    broken.parameters()["finalNorm.bias"]!.assign(use(fill([12], NaN)));
    const input = ids([[1, 2]]);
    const before = memory().numTensors;
    await expect(tokenLosses(broken, input)).rejects.toThrow(
      "tokenLosses: the model must be one with finite logits, got NaN; check its weights",
    );
    expect(memory().numTensors).toBe(before);
  });
});
