import { memory, mul } from "@tensorflow/tfjs-core";
import { scope } from "@tfblocks/tensor-utils";
import { startWasm } from "@tfblocks/testkit";
import type { EncoderDecoder } from "@tfblocks/transformer";
import { TrainingDiverged } from "@tfblocks/training";
import { beforeAll, describe, expect, it } from "vitest";
import type { Recipe } from "./recipe.js";
import { recipes } from "./recipes.js";
import { copy } from "./strings/copy.js";
import { trainRecipe } from "./train-recipe.js";

describe.each(recipes.map((recipe) => [recipe.name, recipe] as const))("training %s", (_name, recipe) => {
  beforeAll(() => startWasm({ threads: 1 }));

  it("lowers the loss of one batch within 30 steps, and leaves only the model", async () => {
    const before = memory().numTensors;
    const losses: number[] = [];
    const sameBatch = { ...recipe, batch: () => recipe.batch(0, 0, 8) };
    const model = await trainRecipe(sameBatch, { steps: 30, onProgress: ({ loss }) => void losses.push(loss) });
    expect(losses).toHaveLength(30);
    expect(mean(losses.slice(-5))).toBeLessThan(mean(losses.slice(0, 5)) - 0.02);
    expect(memory().numTensors).toBe(before + Object.keys(model.parameters()).length);
    const metrics = await recipe.evaluate(model, { count: 8, seed: 0 });
    expect(metrics.every(({ value }) => Number.isFinite(value))).toBe(true);
    model.dispose();
    expect(memory().numTensors).toBe(before);
  });
});

it("rejects with step and learning rate when the loss is NaN, and leaks nothing", async () => {
  await startWasm({ threads: 1 });
  const before = memory().numTensors;
  let calls = 0;
  const diverging: Recipe = {
    ...copy,
    batchSize: 2,
    loss: (model, batch) => scope(() => mul(copy.loss(model as EncoderDecoder, batch), ++calls < 3 ? 1 : NaN)),
  };
  const failure = await trainRecipe(diverging, { steps: 5 }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(TrainingDiverged);
  expect(failure).toMatchObject({ step: 3, learningRate: 2e-3 * (3 / 100) });
  expect(memory().numTensors).toBe(before);
});

it("rejects unknown options", async () => {
  await expect(trainRecipe(copy, { step: 5 } as never)).rejects.toThrow(/trainRecipe: unknown option "step"; known options: steps, seed,/);
});

function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}
