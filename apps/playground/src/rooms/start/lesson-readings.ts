import { type Signal, signal } from "@preact/signals";
import { proxy } from "comlink";
import { LiveResult } from "../../compute/live-result.js";
import { modelsUrl } from "../../models/models-url.js";
import type { CellRequest, HeadRequest, ReadingInput } from "../../reading/reading-input.js";
import type { CellReading, HeadReading, LayerReading, LensReading, PredictionsReading, TokensReading } from "../../reading/readings.js";
import { callsAbout } from "../../workspace/calls-about.js";
import type { Workspace } from "../../workspace/workspace.js";
import type { RoomCompute } from "../room.js";

const plain = { temperature: 1, topK: 5 };

/** What the worker has read for the pictures of the lesson. A picture asks only for what it shows. */
export class LessonReadings {
  readonly tokens: LiveResult<ReadingInput, TokensReading>;
  readonly predictions: LiveResult<ReadingInput, PredictionsReading>;
  /** The predictions of the model without edits. */
  readonly before: LiveResult<ReadingInput, PredictionsReading>;
  readonly head: LiveResult<HeadRequest, HeadReading>;
  readonly cell: LiveResult<CellRequest, CellReading>;
  readonly lens: LiveResult<ReadingInput, LensReading>;
  /** Reads all layers into `layers`; the answer is their number. */
  readonly grid: LiveResult<HeadRequest, number>;
  readonly layers: Signal<readonly LayerReading[]> = signal([]);

  constructor(compute: RoomCompute, workspace: Workspace) {
    const reading = async (input: ReadingInput) => (await callsAbout(compute, workspace, input)).reading;
    this.tokens = new LiveResult(async (input) => (await reading(input)).tokens(modelsUrl, input));
    this.predictions = new LiveResult(async (input) => (await reading(input)).predictions(modelsUrl, input, plain));
    this.before = new LiveResult(async (input) => (await reading(input)).predictions(modelsUrl, input, plain));
    this.head = new LiveResult(async ({ input, place }) => (await reading(input)).head(modelsUrl, input, place));
    this.cell = new LiveResult(async ({ input, place, query, key }) => (await reading(input)).cell(modelsUrl, input, place, query, key));
    this.lens = new LiveResult(async (input, { port }) => (await reading(input)).lens(modelsUrl, input, port));
    this.grid = new LiveResult(async ({ input, place }, { port }) => {
      this.layers.value = [];
      return (await reading(input)).layers(
        modelsUrl,
        input,
        place,
        proxy((layer: LayerReading) => this.#add(layer)),
        port,
      );
    });
  }

  /** Stops what runs; nothing is shown of the step before. */
  clear(): void {
    for (const each of [this.tokens, this.predictions, this.before, this.head, this.cell, this.lens, this.grid]) each.clear();
    this.layers.value = [];
  }

  /** Adds a layer, or replaces it: its scores come after its maps. */
  #add(layer: LayerReading): void {
    const others = this.layers.value.filter((each) => each.layer !== layer.layer || each.kind !== layer.kind);
    this.layers.value = [...others, layer].toSorted((a, b) => a.layer - b.layer);
  }
}
