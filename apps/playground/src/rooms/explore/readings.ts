import { type Signal, signal } from "@preact/signals";
import { proxy } from "comlink";
import { LiveResult } from "../../compute/live-result.js";
import type { HeadPlace } from "../../models/model-info.js";
import { modelsUrl } from "../../models/models-url.js";
import type { CellRequest, HeadRequest, ReadingInput } from "../../reading/reading-input.js";
import type {
  AttributionReading,
  CellReading,
  HeadReading,
  LayerReading,
  LensReading,
  PredictionsReading,
  ScoresReading,
  ScoreStage,
  SimilarHeads,
  TokensReading,
} from "../../reading/readings.js";
import { callsAbout } from "../../workspace/calls-about.js";
import type { Workspace } from "../../workspace/workspace.js";
import type { RoomCompute } from "../room.js";
import { layerKey, type ReadLayers } from "./head-order.js";

interface ScoresRequest extends HeadRequest {
  readonly stage: ScoreStage;
}

interface PredictionRequest {
  readonly input: ReadingInput;
  readonly temperature: number;
}

export interface AttributionRequest {
  readonly input: ReadingInput;
  readonly position: number;
  /** The token whose logit is explained; by default the likeliest. */
  readonly tokenId: number | undefined;
}

const typingPause = 80;
const topTokens = 12;
/** Milliseconds; long enough that a pointer that crosses a map does not ask for every row. */
const hoverPause = 60;

/** What the worker has read for the Explore room. */
export class ExploreReadings {
  readonly tokens: LiveResult<ReadingInput, TokensReading>;
  readonly predictions: LiveResult<PredictionRequest, PredictionsReading>;
  readonly head: LiveResult<HeadRequest, HeadReading>;
  /** Reads all layers into `layers`; the answer is their number. */
  readonly grid: LiveResult<HeadRequest, number>;
  readonly layers: Signal<ReadLayers> = signal(new Map());
  readonly scores: LiveResult<ScoresRequest, ScoresReading>;
  readonly cell: LiveResult<CellRequest, CellReading>;
  /** The row that the reader points at. */
  readonly hoveredRow: LiveResult<CellRequest, CellReading>;
  readonly similar: LiveResult<ReadingInput, SimilarHeads>;
  readonly lens: LiveResult<ReadingInput, LensReading>;
  readonly attribution: LiveResult<AttributionRequest, AttributionReading>;
  readonly report: LiveResult<ReadingInput, string>;
  #latestText: ReadingInput | undefined;

  constructor(compute: RoomCompute, workspace: Workspace) {
    const calls = (input: ReadingInput) => callsAbout(compute, workspace, input);
    const reading = async (input: ReadingInput) => (await calls(input)).reading;
    this.tokens = new LiveResult(async (input) => (await reading(input)).tokens(modelsUrl, input), typingPause);
    this.predictions = new LiveResult(async ({ input, temperature }) => {
      return (await reading(input)).predictions(modelsUrl, input, { temperature, topK: topTokens });
    }, typingPause);
    this.head = new LiveResult(async ({ input, place }) => (await reading(input)).head(modelsUrl, input, place));
    this.grid = new LiveResult(async ({ input, place }, { port }) => {
      const onLayer = proxy((layer: LayerReading) => this.#addLayer(input, layer));
      return (await reading(input)).layers(modelsUrl, input, place, onLayer, port);
    });
    this.scores = new LiveResult(async ({ input, place, stage }) => (await reading(input)).scores(modelsUrl, input, place, stage));
    const readCell = async ({ input, place, query, key }: CellRequest) => (await reading(input)).cell(modelsUrl, input, place, query, key);
    this.cell = new LiveResult(readCell);
    this.hoveredRow = new LiveResult(readCell, hoverPause);
    this.similar = new LiveResult(async (input, { port }) => (await reading(input)).similar(modelsUrl, input, port));
    this.lens = new LiveResult(async (input, { port }) => (await reading(input)).lens(modelsUrl, input, port));
    this.attribution = new LiveResult(async ({ input, position, tokenId }) => {
      return (await reading(input)).attribution(modelsUrl, input, position, tokenId);
    });
    this.report = new LiveResult(async (input, { port }) => (await calls(input)).explore.report(modelsUrl, input, port));
  }

  /** Reads a text: the chosen head first, so that it is drawn first. */
  readText(input: ReadingInput, place: HeadPlace, temperature: number): void {
    this.#latestText = input;
    this.tokens.request(input);
    this.head.request({ input, place });
    this.predictions.request({ input, temperature });
    this.grid.request({ input, place });
  }

  /** Forgets everything, for another model. */
  forget(): void {
    this.layers.value = new Map();
    for (const each of [this.tokens, this.predictions, this.head, this.grid, this.scores, this.cell, this.hoveredRow]) each.clear();
    for (const each of [this.similar, this.lens, this.attribution, this.report]) each.clear();
  }

  /** Stops what takes long. */
  stop(): void {
    for (const each of [this.grid, this.similar, this.lens, this.report]) each.clear();
  }

  /** Adds a layer, or replaces it: its scores come after its maps. Until then, those of the last text stay. */
  #addLayer(input: ReadingInput, layer: LayerReading): void {
    if (input !== this.#latestText) return;
    const last = this.layers.value.get(layerKey(layer));
    const kept = layer.isMeasured || last === undefined ? layer : withFindings(layer, last);
    this.layers.value = new Map([...this.layers.value, [layerKey(layer), kept]]);
  }
}

/** The maps of a layer with what was measured before. */
function withFindings(layer: LayerReading, { heads }: LayerReading): LayerReading {
  return { ...layer, heads: layer.heads.map((head, index) => ({ ...head, metrics: heads[index]!.metrics, labels: heads[index]!.labels })) };
}
