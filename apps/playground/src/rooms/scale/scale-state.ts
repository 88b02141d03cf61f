import { batch, computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { LatestRequest } from "../../compute/latest-request.js";
import { type Answered, LiveResult } from "../../compute/live-result.js";
import { type Failure, failureFrom, type Outcome } from "../../compute/outcome.js";
import { askAgain } from "../../compute/worker-lost.js";
import type { HeadPlace } from "../../models/model-info.js";
import { modelsUrl } from "../../models/models-url.js";
import type { ReadingInput } from "../../reading/reading-input.js";
import type { RoomCompute } from "../room.js";
import type { ScalingCurves, ScoreSample } from "./scale-picture.js";
import { callsAbout } from "../../workspace/calls-about.js";
import type { Workspace } from "../../workspace/workspace.js";
import type { MeasuredLayer } from "./head-measures.js";
import type { ScaleSettings } from "./settings.js";

/** The heads of a layer of a model, on its text. */
interface HeadsRequest {
  readonly input: ReadingInput;
  readonly head: HeadPlace;
  readonly settings: ScaleSettings;
}

/** The settings of the laboratory and what the worker measured at them. */
export class ScaleState {
  readonly settings: Signal<ScaleSettings>;
  /** Follows the sliders; while they move, each sample is shown, not only the last one. */
  readonly sample: Signal<Answered<ScaleSettings, ScoreSample> | undefined> = signal();
  readonly failure: Signal<Failure | undefined> = signal();
  /** Measured once the sliders rest. */
  readonly curves: LiveResult<ScaleSettings, ScalingCurves>;
  /** The heads of the chosen layer of the model. */
  readonly heads: LiveResult<HeadsRequest, MeasuredLayer | undefined>;
  readonly busy: ReadonlySignal<boolean> = computed(
    () => this.curves.busy.value || this.heads.busy.value || this.sample.value?.input !== this.settings.value,
  );
  readonly #compute: RoomCompute;
  readonly #samples: LatestRequest<ScaleSettings> = new LatestRequest((settings) => this.#takeSample(settings), 0);

  constructor(settings: ScaleSettings, compute: RoomCompute, workspace: Workspace) {
    this.settings = signal(settings);
    this.#compute = compute;
    this.curves = new LiveResult(async (asked, { port }) => (await compute.calls).scale.curves(asked, port), 400);
    this.heads = new LiveResult(async ({ input, head, settings: asked }, { port }) => {
      const { scale } = await callsAbout(compute, workspace, input);
      return scale.heads(modelsUrl, input, head, asked, port);
    }, 300);
    this.#samples.request(settings);
    this.curves.request(settings);
  }

  /** Measures the heads of the chosen layer whenever it, the text or the settings change. @returns a function that stops this */
  follow(workspace: Workspace): () => void {
    const layer = computed(() => {
      const { kind, layer: index } = workspace.state.value.head;
      return `${kind}.${index}`;
    });
    const scoring = computed(() => scoringKey(this.settings.value));
    return effect(() => {
      void layer.value;
      void scoring.value;
      if (workspace.info.value?.id !== workspace.input.value.model) return;
      const { head } = workspace.state.peek();
      this.heads.request({ input: workspace.input.value, head, settings: this.settings.peek() });
    });
  }

  change(patch: Partial<ScaleSettings>): void {
    const before = this.settings.value;
    const settings = { ...before, ...patch };
    this.settings.value = settings;
    this.#samples.request(settings);
    if (curvesKey(settings) !== curvesKey(before)) this.curves.request(settings);
  }

  async #takeSample(settings: ScaleSettings): Promise<void> {
    const outcome = await this.#sampleOf(settings);
    batch(() => {
      this.failure.value = outcome.ok ? undefined : outcome.failure;
      if (outcome.ok) this.sample.value = { input: settings, result: outcome.result };
    });
  }

  async #sampleOf(settings: ScaleSettings): Promise<Outcome<ScoreSample>> {
    try {
      return await askAgain(async () => (await this.#compute.calls).scale.sample(settings));
    } catch (error) {
      return { ok: false, failure: failureFrom(error, "scale") };
    }
  }
}

/** What the measures of given heads depend on. */
function scoringKey({ scale, factor, softcap, qkNorm }: ScaleSettings): string {
  return JSON.stringify([scale, factor, softcap, qkNorm]);
}

/** What the curves depend on: all but the chosen width and query. */
function curvesKey({ headDim: _headDim, row: _row, ...settings }: ScaleSettings): string {
  return JSON.stringify(settings);
}
