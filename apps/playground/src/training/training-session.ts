import { Random } from "@tfblocks/tensor-utils";
import type { TrainingProgress } from "@tfblocks/training";
import { trainRecipe, type ZooModel } from "@tfblocks/zoo";
import { generateText } from "./generate-text.js";
import { Pace } from "./pace.js";
import { probeOf, type RunProbe } from "./probe-run.js";
import type { LossPoint, RunAbout, RunEvent, StepRecord } from "./run-record.js";
import { recordEvery } from "./run-settings.js";
import type { RunStore } from "./run-store.js";
import type { TrainingPlan } from "./training-plan.js";
import { weightsOf } from "./weights-of.js";

/** Every so many records the recipe is evaluated. */
const recordsPerEvaluation = 8;
const heldOutExamples = 32;
const evaluatedExamples = 16;
const sampleTokens = 16;
/** Milliseconds between two reports of losses. */
const reportPause = 120;

/** What a session needs. */
export interface SessionParts {
  readonly key: string;
  readonly plan: TrainingPlan;
  readonly seed: number;
  readonly store: RunStore;
  readonly report: (event: RunEvent) => void;
  /** What is told how long steps and records take. */
  readonly pace?: Pace;
}

/** Trains a run, from its beginning or from its checkpoint, until its last step or until it is stopped. */
export class TrainingSession {
  readonly #parts: SessionParts;
  readonly #stop = new AbortController();
  readonly #pace: Pace;
  #probe: RunProbe | undefined;
  #losses: LossPoint[] = [];
  #unreported: LossPoint[] = [];
  #reportedAt = 0;
  #model: ZooModel | undefined;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#pace = parts.pace ?? new Pace(this.#every);
  }

  /** The last step so far. */
  get reached(): LossPoint | undefined {
    return this.#losses.at(-1);
  }

  /** Stops after the current step; the checkpoint is of that step. */
  stop(): void {
    this.#stop.abort();
  }

  /** Measures the model before its first step; the record is not reported. */
  async begin(): Promise<Pick<RunAbout, "parameters" | "attentions"> & { readonly record: StepRecord }> {
    const { plan, seed } = this.#parts;
    const model = plan.build(new Random(seed).split(plan.name)); // as trainRecipe
    try {
      const record = await this.#measure(0, model);
      const sizes = Object.values(model.parameters()).map(({ size }) => size);
      return { parameters: sizes.reduce((sum, size) => sum + size, 0), attentions: this.#probe!.attentions, record };
    } finally {
      model.dispose();
    }
  }

  /** @returns whether the last step was reached @throws TrainingDiverged, AllocationError; the last checkpoint remains */
  async train(): Promise<boolean> {
    const { plan, seed, store, key } = this.#parts;
    this.#losses = [...(await store.losses(key))];
    const model = await trainRecipe(this.#watchedPlan(), {
      steps: plan.steps,
      seed,
      signal: this.#stop.signal,
      checkpoint: { store: store.checkpointOf(key, () => this.#losses), every: this.#every },
      onProgress: (progress) => this.#onProgress(progress),
    });
    model.dispose();
    return !this.#stop.signal.aborted;
  }

  get #every(): number {
    return recordEvery(this.#parts.plan.steps);
  }

  /** The plan, with a `build` that tells the session its model. */
  #watchedPlan(): TrainingPlan {
    const { plan } = this.#parts;
    return { ...plan, build: (random) => (this.#model = plan.build(random)) };
  }

  async #onProgress({ step, loss, learningRate }: TrainingProgress): Promise<void> {
    const { steps } = this.#parts.plan;
    this.#pace.addStep(performance.now());
    for (const points of [this.#losses, this.#unreported]) points.push({ step, loss });
    if (step === steps || performance.now() - this.#reportedAt > reportPause) this.#reportSteps(learningRate);
    if (step % this.#every !== 0 && step !== steps) return;
    this.#parts.report({ type: "record", record: await this.#measure(step, this.#model!) });
    this.#pace.addRecord(performance.now());
  }

  #reportSteps(learningRate: number): void {
    this.#reportedAt = performance.now();
    this.#parts.report({ type: "steps", points: this.#unreported, learningRate, secondsPerStep: this.#pace.secondsPerStep });
    this.#unreported = [];
  }

  async #measure(step: number, model: ZooModel): Promise<StepRecord> {
    const { plan, key, store } = this.#parts;
    this.#probe ??= await probeOf(plan);
    const isEvaluated = step === plan.steps || (step / this.#every) % recordsPerEvaluation === 0;
    const record: StepRecord = {
      step,
      heldOutLoss: await heldOutLoss(plan, model),
      metrics: isEvaluated ? await plan.evaluate(model, { count: evaluatedExamples, seed: 1 }) : [],
      sample: (await generateText(model, plan, { prompt: plan.prompt, temperature: 0, maxTokens: sampleTokens, seed: 0 })).text,
      attentions: await this.#probe.record(step, model),
    };
    await store.saveStep(key, record, weightsOf(model));
    return record;
  }
}

async function heldOutLoss(plan: TrainingPlan, model: ZooModel): Promise<number> {
  const batch = plan.heldOutBatch({ count: heldOutExamples, seed: 1 });
  const loss = plan.loss(model, batch);
  try {
    return (await loss.data())[0]!;
  } finally {
    for (const tensor of [loss, batch.ids, batch.labels, batch.target]) tensor?.dispose();
  }
}
