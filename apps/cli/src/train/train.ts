import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { version_core } from "@tensorflow/tfjs-core";
import { TrainingDiverged } from "@tfblocks/training";
import { setupWasm } from "@tfblocks/wasm";
import { type EvaluateOptions, type Metric, type Recipe, trainRecipe, type ZooModel } from "@tfblocks/zoo";
import { CommandError } from "../command/command-error.js";
import { duration } from "../command/format.js";
import { interrupted, runCommand } from "../command/run-command.js";
import type { Surroundings } from "../command/surroundings.js";
import { CheckpointFile, type SavedRun } from "./checkpoint-file.js";
import { LossLog } from "./loss-log.js";
import { metricsTable } from "./metrics-table.js";
import { parseTrainOptions, type TrainCommandOptions } from "./options.js";
import { newSettings, resumedSettings } from "./run-settings.js";
import { saveModel, type TrainingLog } from "./save-model.js";
import { ProgressLine } from "./training-progress.js";
import { usage } from "./usage.js";

const models = fileURLToPath(new URL("../../../playground/public/models/", import.meta.url));
const thorough: EvaluateOptions = { count: 500, seed: 1 };

/**
 * Trains a model of the zoo.
 *
 * @param evaluation how much the trained model is evaluated
 * @returns the exit code: 0 when all targets are met, 1 when not or when training failed, 2 for wrong options, 130 when
 *   it was interrupted
 */
export async function train(args: readonly string[], around: Surroundings, evaluation: EvaluateOptions = thorough): Promise<number> {
  return runCommand("train", around, async () => {
    const options = parseTrainOptions(args);
    if (options !== undefined) return run(options, around, evaluation);
    around.stdout.write(usage);
    return 0;
  });
}

async function run(options: TrainCommandOptions, around: Surroundings, evaluation: EvaluateOptions): Promise<number> {
  const folder = options.out ?? join(models, options.recipe.name);
  await makeFolder(folder);
  const checkpoint = new CheckpointFile(join(folder, "checkpoint.safetensors"));
  const { threads } = await setupWasm({ relaxedSimd: false, ...(options.threads !== undefined && { threads: options.threads }) });
  const start = await startOf(options, checkpoint);
  const { model, trained } = await trainModel(options, start, checkpoint, around);
  try {
    if (around.signal.aborted && trained.step < start.settings.steps) return tellInterruption(options, trained.step, around);
    around.stderr.write("evaluating …\n");
    const metrics = await options.recipe.evaluate(model, evaluation);
    const log = logOf(options.recipe, model, trained.run, metrics);
    await saveModel(folder, options.recipe, model, log);
    await checkpoint.remove();
    const { seconds } = trained.run;
    around.stdout.write(
      options.json ? `${JSON.stringify({ ...log, ...environment(seconds, threads.got) }, null, 2)}\n` : summary(log, seconds, folder),
    );
    return metrics.every(({ met }) => met) ? 0 : 1;
  } finally {
    model.dispose();
  }
}

/** Where the training begins: at the checkpoint with --resume, else anew. @throws CommandError rather than lose a checkpoint unasked */
async function startOf(options: TrainCommandOptions, checkpoint: CheckpointFile): Promise<SavedRun> {
  if (options.resume) {
    const saved = await checkpoint.savedRun();
    return { ...saved, settings: resumedSettings(options, saved.settings) };
  }
  if (options.restart) await checkpoint.remove();
  await checkpoint.refuseLoss();
  const settings = newSettings(options);
  return { settings, losses: new LossLog(settings.steps), seconds: 0 };
}

async function trainModel({ recipe }: TrainCommandOptions, start: SavedRun, checkpoint: CheckpointFile, { stderr, signal }: Surroundings) {
  const { settings, losses } = start;
  const { steps, seed } = settings;
  const began = performance.now();
  const describe = (): SavedRun => ({ settings, losses, seconds: start.seconds + (performance.now() - began) / 1000 });
  checkpoint.describe = describe;
  stderr.write(`${recipe.title}: ${steps} steps from seed ${seed}${start.seconds > 0 ? ", resumed" : ""}\n`);
  const line = new ProgressLine(stderr, steps);
  let step = 0; // stays so where a resumed training has none left
  try {
    const model = await trainRecipe(recipe, {
      steps,
      seed,
      signal,
      checkpoint: { store: checkpoint, format: checkpoint, every: Math.ceil(steps / 10) },
      onProgress(progress) {
        step = progress.step;
        losses.add(step, progress.loss);
        line.show(progress);
      },
    });
    return { model, trained: { step, run: describe() } };
  } catch (error) {
    if (error instanceof TrainingDiverged) stderr.write(`${await checkpoint.keptAt()}\n`);
    throw error;
  } finally {
    line.clear();
  }
}

function tellInterruption({ recipe, out }: TrainCommandOptions, step: number, { stderr }: Surroundings): number {
  const folder = out === undefined ? "" : ` --out ${JSON.stringify(out)}`;
  const saved = `Stopped after step ${step}, which is saved: npm run train -- ${recipe.name}${folder} --resume goes on.\n`;
  stderr.write(step === 0 ? "Stopped before a step was taken.\n" : saved);
  return interrupted;
}

function logOf(recipe: Recipe, model: ZooModel, { settings, losses }: SavedRun, metrics: Metric[]): TrainingLog {
  const sizes = Object.values(model.parameters()).map(({ size }) => size);
  return {
    ...settings,
    title: recipe.title,
    teaches: recipe.teaches,
    batchSize: recipe.batchSize,
    parameters: sizes.reduce((total, size) => total + size, 0),
    losses: losses.points,
    metrics,
  };
}

/** What differs from machine to machine; it is printed and not saved. */
function environment(seconds: number, threads: number): object {
  return { seconds: Math.round(seconds), threads, versions: { node: process.version, tfjs: version_core } };
}

function summary({ title, steps, metrics }: TrainingLog, seconds: number, folder: string): string {
  return [`${title}: ${steps} steps in ${duration(seconds)}`, ...metricsTable(metrics), `Saved in ${folder}`, ""].join("\n");
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new CommandError(`--out must be a folder that can be written, got ${folder} (${(error as NodeJS.ErrnoException).code})`, {
      cause: error,
    });
  }
}
