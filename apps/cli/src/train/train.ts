import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { version_core } from "@tensorflow/tfjs-core";
import { TrainingDiverged } from "@tfblocks/training";
import { setupWasm } from "@tfblocks/wasm";
import { type EvaluateOptions, type Metric, type Recipe, trainRecipe, type ZooModel } from "@tfblocks/zoo";
import { type CommandContext, CommandError, interrupted, runCommand } from "@tfblocks/command-line";
import { duration } from "../format.js";
import { trainedFolder } from "../model/trained-folder.js";
import { CheckpointFile, type SavedRun } from "./checkpoint-file.js";
import { LossLog } from "./loss-log.js";
import { metricsTable } from "./metrics-table.js";
import { parseTrainOptions, type TrainCommandOptions } from "./options.js";
import { newSettings, resumedSettings } from "./run-settings.js";
import { saveModel, type TrainingLog } from "./save-model.js";
import { ProgressLine } from "./training-progress.js";
import { usage } from "./usage.js";

const fullEvaluation: EvaluateOptions = { count: 500, seed: 1 };

/**
 * Trains a model of the zoo.
 *
 * @param evaluation the examples that the trained model is evaluated on
 * @returns the exit code: 0 if all targets are met, 1 if not or if the training failed, 2 for invalid options, 130 if interrupted
 */
export async function train(
  args: readonly string[],
  context: CommandContext,
  evaluation: EvaluateOptions = fullEvaluation,
): Promise<number> {
  return runCommand("train", context, async () => {
    const options = parseTrainOptions(args);
    if (options !== undefined) return run(options, context, evaluation);
    context.stdout.write(usage);
    return 0;
  });
}

async function run(options: TrainCommandOptions, context: CommandContext, evaluation: EvaluateOptions): Promise<number> {
  const folder = options.out ?? trainedFolder(options.recipe.name);
  await makeFolder(folder);
  const checkpoint = new CheckpointFile(join(folder, "checkpoint.safetensors"));
  const { threads } = await setupWasm({ relaxedSimd: false, ...(options.threads !== undefined && { threads: options.threads }) });
  const start = await startingPoint(options, checkpoint);
  const { model, trained } = await trainModel(options, start, checkpoint, context);
  try {
    if (context.signal.aborted && trained.step < start.settings.steps) return reportInterruption(options, trained.step, context);
    context.stderr.write("Evaluating …\n");
    const metrics = await options.recipe.evaluate(model, evaluation);
    const log = logOf(options.recipe, model, trained.run, metrics);
    await saveModel(folder, options.recipe, model, log);
    await checkpoint.remove();
    const { seconds } = trained.run;
    context.stdout.write(
      options.json ? `${JSON.stringify({ ...log, ...environment(seconds, threads.got) }, null, 2)}\n` : summary(log, seconds, folder),
    );
    return metrics.every(({ met }) => met) ? 0 : 1;
  } finally {
    model.dispose();
  }
}

/** The checkpoint with --resume, otherwise the first step. @throws CommandError if a new training would overwrite a checkpoint */
async function startingPoint(options: TrainCommandOptions, checkpoint: CheckpointFile): Promise<SavedRun> {
  if (options.resume) {
    const saved = await checkpoint.savedRun();
    return { ...saved, settings: resumedSettings(options, saved.settings) };
  }
  if (options.restart) await checkpoint.remove();
  await checkpoint.checkAbsent();
  const settings = newSettings(options);
  return { settings, losses: new LossLog(settings.steps), seconds: 0 };
}

async function trainModel(
  { recipe }: TrainCommandOptions,
  start: SavedRun,
  checkpoint: CheckpointFile,
  { stderr, signal }: CommandContext,
) {
  const { settings, losses } = start;
  const { steps, seed } = settings;
  const began = performance.now();
  const describe = (): SavedRun => ({ settings, losses, seconds: start.seconds + (performance.now() - began) / 1000 });
  checkpoint.describe = describe;
  stderr.write(`${recipe.title}: ${steps} steps from seed ${seed}${start.seconds > 0 ? ", resumed" : ""}\n`);
  const line = new ProgressLine(stderr, steps);
  let step = 0; // stays 0 if a resumed training has no steps left
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
    if (error instanceof TrainingDiverged) stderr.write(`${await checkpoint.describeLast()}\n`);
    throw error;
  } finally {
    line.clear();
  }
}

function reportInterruption({ recipe, out }: TrainCommandOptions, step: number, { stderr }: CommandContext): number {
  const folder = out === undefined ? "" : ` --out ${JSON.stringify(out)}`;
  const saved = `Stopped after step ${step}. To continue, run: npm run train -- ${recipe.name}${folder} --resume\n`;
  stderr.write(step === 0 ? "Stopped before the first step.\n" : saved);
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

/** The data of a run that differ between machines; they are printed but not saved. */
function environment(seconds: number, threads: number): object {
  return { seconds: Math.round(seconds), threads, versions: { node: process.version, tfjs: version_core } };
}

function summary({ title, steps, metrics }: TrainingLog, seconds: number, folder: string): string {
  return [`${title}: ${steps} steps in ${duration(seconds)}`, ...metricsTable(metrics), `Saved to ${folder}`, ""].join("\n");
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new CommandError(`cannot create the --out folder ${folder} (${(error as NodeJS.ErrnoException).code})`, {
      cause: error,
    });
  }
}
