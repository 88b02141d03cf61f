import { dispose, type Tensor, tensor2d } from "@tensorflow/tfjs-core";
import { trainingRunFixture, type TrainingRunFixture } from "@tfblocks/fixtures/training-run";
import "@tfblocks/tensor-utils/gradients";
import { type BackendName, fusedBackendNames, use, useBackend } from "@tfblocks/testkit";
import { AdamW, crossEntropy, Trainer, warmupCosine } from "@tfblocks/training";
import { openSafetensors } from "@tfblocks/weights";
import { describe, expect, it } from "vitest";
import type { LanguageModel } from "../index.js";
import { gpt2 } from "../models.js";

/** Absolute, of each loss, against PyTorch in float64. */
const tolerance = 1e-3;

interface Batch {
  readonly ids: Tensor;
  readonly labels: Tensor;
}

/** The cpu backend and tfjs's own kernels take a minute for all 200; TFBLOCKS_LONG=1 lets them. */
const environment = (globalThis as { process?: { env: Record<string, string | undefined> } }).process?.env ?? {};
const short = environment["TFBLOCKS_LONG"] === "1" ? 200 : 25;
const runs: readonly (readonly [steps: number, backend: BackendName])[] = [
  [short, "cpu"],
  [short, "wasm"],
  [200, fusedBackendNames.at(-1)!],
];

describe.each(runs)("%i steps on %s", (steps, backend) => {
  it("lose as much at every step as the same steps in PyTorch, from the same weights and batches", { timeout: 300_000 }, async () => {
    await useBackend(backend);
    const run = await trainingRunFixture();
    const model = use(await initialModel(run));
    const losses: number[] = [];
    const { trainer, optimizer } = trainerOf(run, model);
    for await (const { loss } of trainer.run({ steps })) losses.push(loss);
    optimizer.dispose();
    const differences = losses.map((loss, step) => Math.abs(loss - run.float64.losses[step]!));
    expect(losses).toHaveLength(steps);
    expect(Math.max(...differences)).toBeLessThan(tolerance);
  });
});

async function initialModel({ model: sizes, initial }: TrainingRunFixture): Promise<LanguageModel> {
  const { layerNormEps: eps, ...rest } = sizes;
  const model = gpt2({ ...rest, eps });
  const reader = await openSafetensors(initial);
  const state = await reader.readAll();
  model.loadStateDict(state);
  dispose(state);
  await reader.close();
  return model;
}

function trainerOf(run: TrainingRunFixture, model: LanguageModel) {
  const { betas, eps, weightDecay, clipNorm, learningRate } = run.optimizer;
  const optimizer = new AdamW({
    learningRate,
    betas: betas as [number, number],
    eps,
    weightDecay,
    groups: [{ match: (_name, { rank }) => rank < 2, weightDecay: 0 }],
  });
  const trainer = new Trainer<Batch>({
    model,
    loss: ({ ids, labels }) => crossEntropy(model.apply(ids).logits, labels),
    batches: (index) => batchAt(run, index),
    optimizer,
    schedule: warmupCosine(run.schedule),
    clip: clipNorm,
  });
  return { trainer, optimizer };
}

/** Inputs are all tokens of a row but the last, labels all but the first. */
function batchAt({ batch, length, tokens }: TrainingRunFixture, index: number): Batch {
  const width = length + 1;
  const rows = Array.from({ length: batch }, (_, row) => [
    ...tokens.subarray((index * batch + row) * width, (index * batch + row + 1) * width),
  ]);
  return {
    ids: tensor2d(
      rows.map((row) => row.slice(0, -1)),
      undefined,
      "int32",
    ),
    labels: tensor2d(
      rows.map((row) => row.slice(1)),
      undefined,
      "int32",
    ),
  };
}
