import { computed, effect, type ReadonlySignal, type Signal, signal, untracked } from "@preact/signals";
import type { LiveResult } from "../../compute/live-result.js";
import { ExportFiles } from "../../exports/export-files.js";
import type { AttentionStack, HeadPlace, ModelInfo } from "../../models/model-info.js";
import type { CellRequest, ReadingInput } from "../../reading/reading-input.js";
import type { CellReading, HeadFindings, HeadReading } from "../../reading/readings.js";
import { type Cell, cellWithin, type Mark } from "../../ui/cell.js";
import { sameHead } from "../../ui/head-name.js";
import { reveal } from "../../ui/reveal.js";
import { strongestCell } from "../../ui/read-map.js";
import type { Workspace } from "../../workspace/workspace.js";
import type { RoomCompute } from "../room.js";
import { layerKey } from "./head-order.js";
import type { MapStage } from "./map-stages.js";
import { type AttributionRequest, ExploreReadings } from "./readings.js";
import { defaultView, type ExploreView } from "./view.js";

/** The state of the Explore room: what the worker has read of model and text, and what the reader looks at. */
export class ExploreState {
  readonly workspace: Workspace;
  readonly readings: ExploreReadings;
  readonly exports: ExportFiles;
  readonly view: Signal<ExploreView>;
  /** What the reader points at in the map, the strip or the lines. */
  readonly mark: Signal<Mark | undefined> = signal();
  /** The token whose logit is explained; by default the likeliest. */
  readonly tokenId: Signal<number | undefined> = signal();
  /** The model, once it is open. */
  readonly info: ReadonlySignal<ModelInfo | undefined>;
  /** The chosen head; the nearest one that the model has. */
  readonly place: ReadonlySignal<HeadPlace | undefined> = computed(() => placeWithin(this.info.value, this.workspace.state.value.head));
  /** The attentions that the grid shows. */
  readonly stack: ReadonlySignal<AttentionStack | undefined> = computed(() =>
    this.info.value?.stacks.find(({ kind }) => kind === this.place.value?.kind),
  );
  /** The pinned cell, if the shown map has it. */
  readonly pinned: ReadonlySignal<Cell | undefined> = computed(() => {
    return pinnedCell(this.view.value, this.readings.head.answered.value?.result);
  });
  /** What the large map shows: the chosen stage, or the weights of a head that does not have it. */
  readonly stage: ReadonlySignal<MapStage> = computed(() => {
    const { stage } = this.view.value;
    const stages: readonly MapStage[] = this.readings.head.answered.value?.result.stages ?? [];
    return stages.includes(stage) ? stage : "weights";
  });
  /** What was asked last, so that it is asked once. */
  readonly #requested = new Map<unknown, ReadingInput>();
  #explained: AttributionRequest | undefined;

  constructor(compute: RoomCompute, workspace: Workspace, view: ExploreView) {
    this.workspace = workspace;
    this.readings = new ExploreReadings(compute, workspace);
    this.exports = new ExportFiles(async () => (await compute.calls).exports);
    this.view = signal(view);
    this.info = workspace.info;
  }

  /** Reads what the workspace holds, now and after each change. @returns a function that stops this */
  start(): () => void {
    const stops = [
      effect(() => {
        const [info, input] = [this.info.value, this.workspace.input.value];
        if (info !== undefined && info.id === input.model) untracked(() => this.#readText(input));
      }),
      effect(() => {
        const [place, answered] = [this.place.value, this.readings.head.answered.value];
        const input = answered?.input.input;
        if (place !== undefined && input === this.workspace.input.value) untracked(() => this.#readHead({ input, place }));
      }),
      effect(() => {
        const [stage, shown] = [this.stage.value, this.readings.head.answered.value];
        untracked(() => {
          if (stage === "weights" || shown === undefined) this.readings.scores.clear();
          else this.readings.scores.request({ ...shown.input, stage });
        });
      }),
      effect(() => {
        const [pinned, shown] = [this.pinned.value, this.readings.head.answered.value];
        if (pinned !== undefined && shown !== undefined) untracked(() => this.#readPinned({ ...shown.input, ...pinned }));
      }),
    ];
    return () => {
      for (const stop of stops) stop();
      this.readings.stop();
    };
  }

  /** Reads the text once more, after a failure. */
  readAgain(): void {
    if (this.info.value !== undefined) this.#readText(this.workspace.input.value);
  }

  look(patch: Partial<ExploreView>): void {
    this.view.value = { ...this.view.value, ...patch };
  }

  pin(cell: Cell | undefined): void {
    this.look({ pin: cell ?? "none" });
  }

  /** Shows a head that the reader has chosen, also where its panel is below the visible part of the page. */
  chooseHead(place: HeadPlace): void {
    this.workspace.lookAt(place);
    reveal(document.getElementById("head"));
  }

  /** Goes to another head of the same stack. */
  stepHead(step: -1 | 1): void {
    const [place, stack] = [this.place.value, this.stack.value];
    if (place === undefined || stack === undefined) return;
    const index = place.layer * stack.heads + place.head + step;
    if (index < 0 || index >= stack.heads * stack.parts.length) return;
    this.workspace.lookAt({ ...place, layer: Math.floor(index / stack.heads), head: index % stack.heads });
  }

  /** The scores of the row of a cell; undefined until the worker has told them. */
  rowOf({ query }: Cell): CellReading | undefined {
    const shown = this.readings.head.answered.value?.input;
    if (shown === undefined) return undefined;
    const known = [this.readings.cell.answered.value, this.readings.hoveredRow.answered.value];
    return known.find((each) => each?.input.query === query && each.input.input === shown.input && sameHead(each.input.place, shown.place))
      ?.result;
  }

  /** Asks for the scores of the row of a cell, unless they are known. */
  readRow(cell: Cell): void {
    const shown = this.readings.head.answered.peek()?.input;
    if (shown !== undefined && this.rowOf(cell) === undefined) this.readings.hoveredRow.request({ ...shown, ...cell });
  }

  /** Asks how the heads compare, unless it is known. */
  readSimilar(): void {
    this.#requestOnce(this.readings.similar, this.workspace.input.value);
  }

  /** What was measured on a head, once its layer has been read. */
  findingsOf(place: HeadPlace): HeadFindings | undefined {
    return this.readings.layers.value.get(layerKey(place))?.heads[place.head];
  }

  /** Reads the prediction at a position. */
  choosePosition(position: number): void {
    this.look({ position });
    this.tokenId.value = undefined;
  }

  /** Explains the logit of a token at the selected position. */
  chooseToken(id: number): void {
    this.tokenId.value = id;
  }

  /** Asks what each layer would predict, unless it is known. */
  readLens(): void {
    this.#requestOnce(this.readings.lens, this.workspace.input.value);
  }

  /** Asks what adds to the logit of the chosen token, unless it is known. */
  explain(position: number): void {
    const request = { input: this.workspace.input.value, position, tokenId: this.tokenId.value };
    const last = this.#explained;
    if (last?.input === request.input && last.position === position && last.tokenId === request.tokenId) return;
    this.#explained = request;
    this.readings.attribution.request(request);
  }

  #requestOnce<Result>(live: LiveResult<ReadingInput, Result>, input: ReadingInput): void {
    if (this.#requested.get(live) === input) return;
    this.#requested.set(live, input);
    live.request(input);
  }

  #readText(input: ReadingInput): void {
    const last = this.readings.tokens.answered.peek()?.input.model;
    if (last !== undefined && last !== input.model) {
      this.readings.forget();
      this.look({ pin: defaultView.pin, position: defaultView.position, lensLayer: defaultView.lensLayer });
    }
    this.tokenId.value = undefined;
    this.readings.readText(input, this.place.value!, this.view.value.temperature);
  }

  #readHead(request: { readonly input: ReadingInput | undefined; readonly place: HeadPlace }): void {
    const { input, place } = request;
    const shown = this.readings.head.answered.value?.input;
    if (input !== undefined && shown !== undefined && !sameHead(shown.place, place)) this.readings.head.request({ input, place });
  }

  #readPinned(request: CellRequest): void {
    const shown = this.readings.cell.answered.value?.input;
    const isShown =
      shown?.input === request.input && sameHead(shown.place, request.place) && shown.query === request.query && shown.key === request.key;
    if (!isShown) this.readings.cell.request(request);
  }
}

/** A head of the model: the one that is wanted, or the nearest one. */
function placeWithin(info: ModelInfo | undefined, { kind, layer, head }: HeadPlace): HeadPlace | undefined {
  if (info === undefined) return undefined;
  const stack = info.stacks.find((each) => each.kind === kind) ?? info.stacks[0]!;
  return { kind: stack.kind, layer: Math.min(layer, stack.parts.length - 1), head: Math.min(head, stack.heads - 1) };
}

function pinnedCell({ pin }: ExploreView, head: HeadReading | undefined): Cell | undefined {
  if (pin === "none" || head === undefined) return undefined;
  return pin === "strongest" ? strongestCell(head.map) : cellWithin(pin, head.map);
}
