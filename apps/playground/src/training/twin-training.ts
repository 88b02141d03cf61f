import { dispose } from "@tensorflow/tfjs-core";
import { normalizedEntropy } from "@tfblocks/analysis";
import { watchAttention } from "@tfblocks/analysis/models";
import { Random } from "@tfblocks/tensor-utils";
import { AdamW, globalNorm, Trainer, valueAndGradients, warmupCosine } from "@tfblocks/training";
import type { LanguageModel } from "@tfblocks/transformer";
import { attentionOnly, type Batch, induction } from "@tfblocks/zoo";
import type { TaskPort } from "../compute/task.js";
import type { TwinMeasures, TwinPoint, TwinSettings } from "./twin-settings.js";

const numLayers = 2;
const maxLength = 64;
/** Number of measurements after the one before the first step. */
const measurements = 40;
const warmupSteps = 20;
const probeSize = 8;

/** A model of the pair, with what trains it. */
interface Twin {
  readonly model: LanguageModel;
  readonly optimizer: AdamW;
  readonly trainer: Trainer<Batch>;
}

/**
 * Trains two models that differ in one thing only: the scores of one are divided by sqrt(headDim), those of the other are not. Both
 * start from the same weights, those of PyTorch (packed Xavier: queries and keys of variance 1/2), and read the same batches of repeated random
 * sequences.
 *
 * @param onPoint receives each measurement as soon as it is made
 * @returns all measurements, the first before any step; undefined after a cancel. No tensor is left
 * @throws TrainingDiverged when the loss or a gradient of one of them is NaN or infinite
 */
export async function twinTraining(
  settings: TwinSettings,
  port: TaskPort,
  onPoint: (point: TwinPoint) => void = () => {},
): Promise<readonly TwinPoint[] | undefined> {
  const { steps } = settings;
  const twins = { scaled: twinOf(settings, true), unscaled: twinOf(settings, false) };
  const probe = probeOf(settings);
  const points: TwinPoint[] = [];
  try {
    for (const step of measuredSteps(steps)) {
      while (twins.unscaled.trainer.step < step) {
        if (!(await port.step("Training both models", twins.unscaled.trainer.step, steps))) return undefined;
        for (const { trainer } of [twins.scaled, twins.unscaled]) await takeStep(trainer);
      }
      points.push({ step, scaled: await measure(twins.scaled.model, probe), unscaled: await measure(twins.unscaled.model, probe) });
      onPoint(points.at(-1)!);
    }
    return points;
  } finally {
    for (const { model, optimizer } of Object.values(twins)) for (const each of [model, optimizer]) each.dispose();
    dispose({ ...probe });
  }
}

/** 0, then about {@link measurements} steps at equal distances, of which `steps` is the last. */
function measuredSteps(steps: number): number[] {
  const count = Math.min(steps, measurements);
  return Array.from({ length: count + 1 }, (_, at) => Math.round((at * steps) / Math.max(1, count)));
}

async function takeStep(trainer: Trainer<Batch>): Promise<void> {
  for await (const _ of trainer.run({ steps: trainer.step + 1 }));
}

function twinOf({ dModel, numHeads, steps, learningRate, batchSize, seed }: TwinSettings, scaleScores: boolean): Twin {
  const { vocabSize } = induction.tokenizer;
  const random = new Random(seed).split("twins");
  const model = attentionOnly({ vocabSize, dModel, numHeads, numLayers, maxLength, tiedHead: false, scaleScores, random });
  const optimizer = new AdamW({ learningRate, ...induction.optimizer });
  const trainer = new Trainer<Batch>({
    model,
    optimizer,
    loss: (batch) => induction.loss(model, batch),
    batches: (index) => induction.batch(index, seed, batchSize),
    schedule: warmupCosine({ peak: learningRate, warmupSteps, floor: learningRate / 30, totalSteps: Math.max(steps, warmupSteps + 1) }),
    clip: induction.clip,
    seed,
  });
  return { model, optimizer, trainer };
}

function probeOf({ seed }: TwinSettings): Batch {
  return induction.heldOutBatch({ count: probeSize, seed });
}

async function measure(model: LanguageModel, probe: Batch): Promise<TwinMeasures> {
  const spread = await meanSpread(model, probe);
  const { value, gradients } = valueAndGradients(model.parameters(), () => induction.loss(model, probe));
  const projections = Object.entries(gradients).filter(([name]) => /\.attention\.(query|key)\./.test(name));
  const norm = globalNorm(Object.fromEntries(projections));
  try {
    return { loss: (await value.data())[0]!, spread, gradient: (await norm.data())[0]! };
  } finally {
    dispose([value, norm, gradients]);
  }
}

async function meanSpread(model: LanguageModel, { ids }: Batch): Promise<number> {
  const watched = watchAttention(model, (each) => void each.hidden(ids));
  try {
    const heads: number[] = [];
    for (const part of watched.parts) heads.push(...normalizedEntropy(await watched.maps(part)).perHead.map(({ score }) => score!));
    return heads.reduce((sum, score) => sum + score, 0) / heads.length;
  } finally {
    watched.dispose();
  }
}
