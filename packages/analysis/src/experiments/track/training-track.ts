import type { Tensor2D } from "@tensorflow/tfjs-core";
import {
  checkInteger,
  checkOptions,
  type Composite,
  describeValue,
  type OptionNames,
  refuse,
  ShapeError,
  ValueError,
} from "@tfblocks/tensor-utils";
import { LanguageModel } from "@tfblocks/transformer";
import { headScores, type ScoresByMetric } from "../../labels/head-scores.js";
import type { AttentionMaps } from "../../maps/attention-maps.js";
import { watchAttention } from "../../watching/watch-attention.js";
import { idTensor } from "../repetition-losses.js";
import { columnsOf, decodeMaps, layoutOf, type MapLayout } from "./coded-maps.js";
import { readTrack, type TrackParts } from "./read-track.js";
import { layoutData, stepData, type TrainingTrackData } from "./track-data.js";
import { checkLayouts, trackAttention, type TrackedAttention, type TrackedStep } from "./track-step.js";

/** What a {@link TrainingTrack} measures: the same texts at every step, apart from the training data. */
export interface TrainingProbe<Model extends Composite = LanguageModel> {
  /** The token ids of each sequence, all of the same length. */
  readonly ids: readonly (readonly number[])[];
  /** The texts of the tokens, to show; default the ids. */
  readonly tokens?: readonly (readonly string[])[];
  /** Applies the model once, without dropout; default `model.hidden(ids)`. @param ids int32 `[batch, length]`, borrowed */
  readonly run?: (model: Model, ids: Tensor2D) => unknown;
  /** The metrics of one attention, by name; default `headScores`. */
  readonly scores?: (maps: AttentionMaps, attention: string) => ScoresByMetric;
}

/** A metric of one head at one step. */
export interface TrackedScore {
  readonly step: number;
  readonly score: number | null;
  /** The score of uniform attention. */
  readonly nullScore: number | null;
}

/** The functions of a probe, which no file holds. */
type ProbeFunctions<Model extends Composite> = Pick<TrainingProbe<Model>, "run" | "scores">;

const probeNames: OptionNames<TrainingProbe> = { ids: true, tokens: true, run: true, scores: true };
const recordNames: OptionNames<{ loss?: number }> = { loss: true };

/**
 * The attention of a model during training: metrics and maps of fixed texts at chosen steps, to draw curves and to replay.
 *
 * A step keeps the maps in 8 bits, one byte for each weight ({@link TrainingTrack.bytesPerStep}), and two numbers for each metric and head.
 * The replayed weights of a row sum to 1 and are within 1/255 of the true ones. Metrics are those of the true maps.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { setBackend } from "@tensorflow/tfjs-core";
 * import { TrainingTrack } from "@tfblocks/analysis/models";
 * import { gpt2 } from "@tfblocks/transformer/models";
 *
 * await setBackend("cpu");
 * const model = gpt2({ vocabSize: 10, maxLength: 8, dModel: 12, numHeads: 3, numLayers: 2 });
 * const track = new TrainingTrack({ ids: [[1, 2, 3, 1, 2, 3]] });
 * await track.record(0, model); // and again every few steps, for example in onProgress of train
 * console.log(track.series("layers.1.attention", 0, "prefixMatching").length); // 1
 * console.log(track.mapsAt(0, "layers.1.attention").heads); // 3
 * ```
 */
export class TrainingTrack<Model extends Composite = LanguageModel> {
  readonly ids: readonly (readonly number[])[];
  /** The texts of the tokens, or the ids as texts. */
  readonly tokens: readonly (readonly string[])[];
  readonly #probe: ProbeFunctions<Model>;
  readonly #layouts = new Map<string, MapLayout>();
  readonly #steps: TrackedStep[] = [];

  /** @throws ValueError, ShapeError when there are no ids, they have different lengths, or an option is unknown */
  constructor(probe: TrainingProbe<Model>) {
    const { ids, tokens, ...rest } = checkOptions("TrainingTrack", probe, probeNames);
    checkIds(ids);
    this.ids = ids.map((row) => [...row]);
    this.tokens = (tokens ?? ids).map((row) => row.map(String));
    checkTokens(this.tokens, ids);
    this.#probe = rest;
  }

  /** The recorded steps, in order. */
  get steps(): readonly number[] {
    return this.#steps.map(({ step }) => step);
  }

  /** The loss that was given at each step; null without one. */
  get losses(): readonly (number | null)[] {
    return this.#steps.map(({ loss }) => loss);
  }

  /** The names of the attentions, in the order of computation; none before the first step. */
  get attentions(): readonly string[] {
    return [...this.#layouts.keys()];
  }

  /** How many bytes the maps of one step take: batch · heads · queryLength · keyLength for each attention. */
  get bytesPerStep(): number {
    const sizes = [...this.#layouts.values()].map((layout) => layout.batch * layout.heads * layout.queryLength * columnsOf(layout));
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  /** The names of the metrics of an attention. @throws ValueError when it was not recorded */
  metrics(attention: string): readonly string[] {
    this.#layout("metrics", attention);
    return [...new Set(this.#steps.flatMap(({ attentions }) => [...attentions.get(attention)!.metrics.keys()]))];
  }

  /**
   * Runs the model on the probe and keeps its metrics and maps. Await it before the next step changes the model.
   *
   * @throws ValueError when the step is not above the last one, the loss is not finite, the attentions or masks differ from those of the
   *   first step, or an option is unknown; the track then does not change
   * @throws ShapeError when the sizes of the maps differ from those of the first step
   */
  async record(step: number, model: Model, options: { readonly loss?: number } = {}): Promise<void> {
    const { loss = null } = checkOptions("TrainingTrack.record", options, recordNames);
    this.#checkStep(step);
    if (loss !== null && !Number.isFinite(loss)) refuse(ValueError, "TrainingTrack.record", "loss", "a finite number", describeValue(loss));
    const maps = await this.#measure(model);
    this.#checkStep(step); // another call may have been faster
    const isFirst = this.#steps.length === 0;
    if (!isFirst) checkLayouts("TrainingTrack.record", this.#layouts, maps);
    const attentions = new Map([...maps].map(([name, each]) => [name, this.#track(name, each)]));
    if (isFirst) for (const [name, each] of maps) this.#layouts.set(name, layoutOf(each));
    this.#steps.push({ step, loss, attentions });
  }

  /** A metric of a head over the steps. @throws ValueError when attention, head or metric was not recorded */
  series(attention: string, head: number, metric: string): TrackedScore[] {
    const { heads } = this.#layout("series", attention);
    checkInteger("TrainingTrack.series", "head", head, 0, heads - 1);
    const known = this.metrics(attention);
    if (!known.includes(metric)) refuse(ValueError, "TrainingTrack.series", "metric", `one of ${known.join(", ")}`, describeValue(metric));
    return this.#steps.map(({ step, attentions }) => {
      const found = attentions.get(attention)!.metrics.get(metric);
      return { step, score: found?.scores[head] ?? null, nullScore: found?.nullScores[head] ?? null };
    });
  }

  /** The maps of a step, to 1/255. @throws ValueError when step or attention was not recorded */
  mapsAt(step: number, attention: string): AttentionMaps {
    const layout = this.#layout("mapsAt", attention);
    const found = this.#steps.find((each) => each.step === step);
    if (found === undefined) {
      return refuse(ValueError, "TrainingTrack.mapsAt", "step", `one of ${this.steps.join(", ")}`, describeValue(step));
    }
    return decodeMaps(layout, found.attentions.get(attention)!.codes);
  }

  /** The whole track, for `JSON.stringify`; its maps are 4/3 · `bytesPerStep` characters a step. */
  toJSON(): TrainingTrackData {
    const attentions = [...this.#layouts].map(([name, layout]) => layoutData(name, layout));
    return { experiment: "trainingTrack", version: 1, ids: this.ids, tokens: this.tokens, attentions, steps: this.#steps.map(stepData) };
  }

  /**
   * The track of {@link TrainingTrack.toJSON}. The data may come from anywhere: everything in it is checked.
   *
   * @param data an object, for example from `JSON.parse`
   * @param probe `run` and `scores`, to record more steps; default those of the constructor
   * @throws ValueError, ShapeError when the data is not a track
   */
  static fromJSON<Model extends Composite = LanguageModel>(
    data: unknown,
    probe: Pick<TrainingProbe<Model>, "run" | "scores"> = {},
  ): TrainingTrack<Model> {
    const { ids, tokens, layouts, steps }: TrackParts = readTrack(data);
    const track = new TrainingTrack<Model>({ ...probe, ids, tokens });
    if (steps.length > 0) for (const [name, layout] of layouts) track.#layouts.set(name, layout);
    track.#steps.push(...steps);
    return track;
  }

  async #measure(model: Model): Promise<Map<string, AttentionMaps>> {
    const { run = runHidden } = this.#probe;
    const ids = idTensor(this.ids);
    try {
      const watched = watchAttention(model, (each) => void run(each, ids));
      try {
        const maps = new Map<string, AttentionMaps>();
        for (const part of watched.parts) maps.set(part, await watched.maps(part));
        return maps;
      } finally {
        watched.dispose();
      }
    } finally {
      ids.dispose();
    }
  }

  #track(attention: string, maps: AttentionMaps): TrackedAttention {
    const { scores = (each) => headScores(each, { ids: this.ids }) } = this.#probe;
    return trackAttention(maps, scores(maps, attention));
  }

  #layout(method: string, attention: string): MapLayout {
    const found = this.#layouts.get(attention);
    if (found !== undefined) return found;
    const known = this.attentions.join(", ") || "none before the first step";
    return refuse(ValueError, `TrainingTrack.${method}`, "attention", `one of ${known}`, describeValue(attention));
  }

  #checkStep(step: number): void {
    checkInteger("TrainingTrack.record", "step", step, 1 + (this.#steps.at(-1)?.step ?? -1));
  }
}

function runHidden(model: Composite, ids: Tensor2D): unknown {
  if (model instanceof LanguageModel) return model.hidden(ids);
  return refuse(ValueError, "TrainingTrack.record", "run", "given for a model that is not a LanguageModel", "undefined");
}

function checkIds(ids: readonly (readonly number[])[]): void {
  const isList = Array.isArray(ids) && ids.length > 0 && ids.every((row) => Array.isArray(row) && row.length > 0);
  if (!isList) refuse(ValueError, "TrainingTrack", "ids", "a list of sequences of ids", describeValue(ids));
  for (const row of ids) {
    if (row.length !== ids[0]!.length) refuse(ShapeError, "TrainingTrack", "ids", `sequences of ${ids[0]!.length} ids`, row.length);
    for (const id of row) checkInteger("TrainingTrack", "ids", id, 0);
  }
}

function checkTokens(tokens: readonly (readonly string[])[], ids: readonly (readonly number[])[]): void {
  const fits = tokens.length === ids.length && tokens.every((row) => row.length === ids[0]!.length);
  if (fits) return;
  refuse(ShapeError, "TrainingTrack", "tokens", `${ids.length} lists of ${ids[0]!.length} texts, one for each id`, describeValue(tokens));
}
