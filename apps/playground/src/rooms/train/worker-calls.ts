import { recipes } from "@tfblocks/zoo";
import { type Failure, failureFrom, type Outcome } from "../../compute/outcome.js";
import type { TaskPort } from "../../compute/task.js";
import { transferArrays } from "../../compute/transfer-arrays.js";
import { estimatePace } from "../../training/estimate-pace.js";
import { type GeneratedText, generateText, type GenerationSettings } from "../../training/generate-text.js";
import { lockedRuns, whenReleased } from "../../training/run-lock.js";
import type { LossPoint, RunEvent, RunRecord, StepRecord } from "../../training/run-record.js";
import type { RunSettings } from "../../training/run-settings.js";
import { openRunStore } from "../../training/run-store.js";
import { deleteRun, pauseRun, resumeRun, startRun } from "../../training/runs.js";
import { filesOf, type TrainedModel, trainedModel } from "../../training/trained-model.js";
import type { ListedRecipe } from "./listed-recipe.js";

/** The runs that are kept. */
interface KeptRuns {
  readonly runs: readonly RunRecord[];
  /** The keys of those that are trained now, in any tab. */
  readonly locked: readonly string[];
  /** Whether a reload keeps them. */
  readonly isLasting: boolean;
}

/** The recipes that can be trained. */
export function listRecipes(): ListedRecipe[] {
  return recipes.map(({ name, title, teaches, steps, batchSize, schedule }) => {
    return { name, title, teaches, steps, batchSize, learningRate: schedule.peak };
  });
}

export async function listRuns(): Promise<KeptRuns> {
  const store = await openRunStore();
  return { runs: await store.runs(), locked: [...(await lockedRuns())], isLasting: store.isLasting };
}

/** Waits until the tab that trains a run has ended. @returns what is kept of the run; undefined if it was deleted */
export async function released(key: string): Promise<RunRecord | undefined> {
  await whenReleased(key);
  return (await openRunStore()).run(key);
}

/** What was measured of a run; the losses are those up to its last checkpoint. */
export async function history(key: string): Promise<{ readonly records: readonly StepRecord[]; readonly losses: readonly LossPoint[] }> {
  const store = await openRunStore();
  return transferArrays({ records: await store.records(key), losses: await store.losses(key) });
}

/** The seconds that one step of a training would take. */
export async function estimate(settings: RunSettings, port: TaskPort): Promise<Outcome<number> | undefined> {
  return attempt("settings", () => estimatePace(settings, port));
}

/** Trains a new run. Resolves with its last state when it has ended, for whatever reason. */
export async function start(
  settings: RunSettings,
  port: TaskPort,
  report: (event: RunEvent) => void,
): Promise<Outcome<RunRecord> | undefined> {
  return startRun(settings, port, sender(report));
}

/** Trains a run on from its checkpoint. Resolves with its last state when it has ended. */
export async function resume(key: string, report: (event: RunEvent) => void): Promise<Outcome<RunRecord>> {
  return resumeRun(key, sender(report));
}

/** Stops the training after its current step. */
export async function pause(as: "paused" | "stopped"): Promise<void> {
  await pauseRun(as);
}

/** @returns false if another tab trains the run */
export async function remove(key: string): Promise<boolean> {
  return deleteRun(key);
}

/** Continues a prompt with the model of a recorded step. */
export async function generate(key: string, step: number, settings: GenerationSettings): Promise<Outcome<GeneratedText>> {
  return withModel("prompt", key, step, ({ model, plan }) => generateText(model, plan, settings));
}

/** The model of a recorded step as the files of a Hugging Face folder. */
export async function files(key: string, step: number): Promise<Outcome<Readonly<Record<string, string | Uint8Array>>>> {
  return transferArrays(await withModel("files", key, step, async (trained) => filesOf(trained)));
}

async function withModel<Result>(
  field: string,
  key: string,
  step: number,
  use: (trained: TrainedModel) => Promise<Result>,
): Promise<Outcome<Result>> {
  return (await attempt(field, async () => {
    const trained = await trainedModel(key, step);
    try {
      return await use(trained);
    } finally {
      trained.model.dispose();
    }
  }))!;
}

async function attempt<Result>(field: string, make: () => Promise<Result | undefined>): Promise<Outcome<Result> | undefined> {
  try {
    const result = await make();
    return result === undefined ? undefined : { ok: true, result };
  } catch (error) {
    const failure: Failure = failureFrom(error, field);
    return { ok: false, failure };
  }
}

/** Sends events to the page. The arrays of a record are not used here any more. */
function sender(report: (event: RunEvent) => void): (event: RunEvent) => void {
  return (event) => report(event.type === "record" ? transferArrays(event) : event);
}
