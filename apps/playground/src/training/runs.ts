import { TrainingDiverged } from "@tfblocks/training";
import { type Failure, failureFrom, type Outcome } from "../compute/outcome.js";
import type { TaskPort } from "../compute/task.js";
import { guessLosses } from "./guess-losses.js";
import { planOf } from "./plan-of.js";
import { withRunLock } from "./run-lock.js";
import type { RunAbout, RunEvent, RunRecord } from "./run-record.js";
import type { RunSettings } from "./run-settings.js";
import { openRunStore, type RunStore } from "./run-store.js";
import type { TrainingPlan } from "./training-plan.js";
import { TrainingSession } from "./training-session.js";

/** The training of this worker. There is at most one, because two would share the same processor. */
interface Active {
  readonly key: string;
  readonly session: TrainingSession;
  /** What the run is after the session was stopped. */
  stoppedAs: "paused" | "stopped";
  /** Resolves when the session has ended. */
  readonly ended: Promise<void>;
}

let active: Active | undefined;
const plans = new Map<string, TrainingPlan>();
const uninterrupted: TaskPort = { step: () => Promise.resolve(true) };

/** Makes a run and trains it until it ends; the training of before pauses once the new one can begin. @returns its last state; undefined after a cancel before its first step */
export async function startRun(
  settings: RunSettings,
  port: TaskPort,
  report: (event: RunEvent) => void,
): Promise<Outcome<RunRecord> | undefined> {
  try {
    const plan = await planOf(settings, port);
    if (plan === undefined) return undefined;
    await pauseRun();
    const store = await openRunStore();
    const key = newKey();
    plans.set(key, plan);
    const session = new TrainingSession({ key, plan, seed: settings.seed, store, report });
    const { record, ...first } = await session.begin();
    const about = { ...first, ...(await describe(plan, settings)) };
    const run: RunRecord = { key, settings, title: plan.title, createdAt: Date.now(), phase: "running", about };
    report({ type: "run", run });
    report({ type: "record", record });
    return await trainOn(run, session, store, report);
  } catch (error) {
    return { ok: false, failure: failureOf(error, settings) };
  }
}

/** Trains a run from its checkpoint until it ends. @returns its last state */
export async function resumeRun(key: string, report: (event: RunEvent) => void): Promise<Outcome<RunRecord>> {
  if (active?.key !== key) await pauseRun();
  const store = await openRunStore();
  const run = await store.run(key);
  if (run === undefined) return refusal("This training is no longer there: another tab has deleted it.");
  try {
    const plan = await planFor(run);
    return await trainOn(run, new TrainingSession({ key, plan, seed: run.settings.seed, store, report }), store, report);
  } catch (error) {
    return { ok: false, failure: failureOf(error, run.settings) };
  }
}

/** Stops the training after its current step, and waits for it. @param as what it is then */
export async function pauseRun(as: "paused" | "stopped" = "paused"): Promise<void> {
  if (active === undefined) return;
  active.stoppedAs = as;
  active.session.stop();
  await active.ended;
}

/** The plan of a run, made again if this worker does not have it. */
export async function planFor({ key, settings }: RunRecord): Promise<TrainingPlan> {
  const plan = plans.get(key) ?? (await planOf(settings, uninterrupted))!;
  plans.set(key, plan);
  return plan;
}

/** Deletes a run, unless another tab trains it. @returns whether it was deleted */
export async function deleteRun(key: string): Promise<boolean> {
  if (active?.key === key) await pauseRun();
  return withRunLock(key, async () => {
    plans.delete(key);
    await (await openRunStore()).remove(key);
  });
}

async function trainOn(
  run: RunRecord,
  session: TrainingSession,
  store: RunStore,
  report: (event: RunEvent) => void,
): Promise<Outcome<RunRecord>> {
  let last = run;
  let failure: Failure | undefined;
  const save = async (change: Partial<RunRecord>): Promise<void> => {
    last = { ...last, ...change };
    await store.saveRun(last);
    report({ type: "run", run: last });
  };
  let end = (): void => {};
  const current: Active = { key: run.key, session, stoppedAs: "paused", ended: new Promise((resolve) => (end = resolve)) };
  try {
    const isMine = await withRunLock(run.key, async () => {
      active = current;
      await save({ phase: "running", failure: undefined });
      const ended = await endOf(session, current, run.settings);
      ({ failure } = ended);
      await save({ phase: ended.phase, failure: failure?.sentence, reached: session.reached });
    });
    if (!isMine) return refusal("This training runs in another tab of this browser. Pause it there first.");
    return failure === undefined ? { ok: true, result: last } : { ok: false, failure };
  } finally {
    if (active === current) active = undefined;
    end();
  }
}

/** Trains until the session ends. A run that lacks memory is paused, because it can resume when there is more. */
async function endOf(
  session: TrainingSession,
  current: Active,
  settings: RunSettings,
): Promise<Pick<RunRecord, "phase"> & { readonly failure?: Failure }> {
  try {
    return { phase: (await session.train()) ? "finished" : current.stoppedAs };
  } catch (error) {
    const failure = failureOf(error, settings);
    return { phase: failure.isShortOfMemory ? "paused" : "failed", failure };
  }
}

async function describe(plan: TrainingPlan, { seed }: RunSettings): Promise<Omit<RunAbout, "parameters" | "attentions">> {
  const { prompt, unknownShare, tokenizer } = plan;
  return { ...(await guessLosses(plan, seed)), vocabSize: tokenizer.vocabSize, prompt, unknownShare };
}

/** What went wrong, and what the reader can do. @throws the error if it is a trap, so that the page starts another worker */
function failureOf(error: unknown, { learningRate }: RunSettings): Failure {
  if (error instanceof TrainingDiverged) return { field, sentence: divergence(error.step, learningRate) };
  return failureFrom(error, field, outOfMemory);
}

const field = "training";
const outOfMemory =
  "There is not enough memory for this training. What was learned so far is kept. Close other tabs, or train again with a smaller vector size, context or batch.";

function divergence(step: number, learningRate: number): string {
  return `At step ${step} the loss was no longer a finite number: the learning rate ${learningRate} is too high. What was learned until the last recorded step is kept. Train again with a lower learning rate, for example ${Number((learningRate / 10).toPrecision(2))}.`;
}

function refusal(sentence: string): Outcome<never> {
  return { ok: false, failure: { field, sentence } };
}

function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(6)), (byte) => (byte % 36).toString(36)).join("");
}
