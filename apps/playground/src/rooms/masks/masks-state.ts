import { batch, computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Explanation } from "@tfblocks/masks";
import { LiveResult } from "../../compute/live-result.js";
import { ExportFiles } from "../../exports/export-files.js";
import type { HeadPlace } from "../../models/model-info.js";
import { modelsUrl } from "../../models/models-url.js";
import type { MaskSpec } from "../../reading/mask-spec.js";
import type { ReadingInput } from "../../reading/reading-input.js";
import type { TokensReading } from "../../reading/readings.js";
import { StepPace } from "../../routing/step-pace.js";
import type { Cell } from "../../ui/cell.js";
import { callsAbout } from "../../workspace/calls-about.js";
import type { LinkChange } from "../../workspace/link-keeper.js";
import type { Workspace } from "../../workspace/workspace.js";
import type { RoomCompute } from "../room.js";
import type { MasksLink } from "./link.js";
import type { MaskEffect } from "./mask-effect.js";
import type { MaskBlocks, MaskCost, MaskPicture } from "./mask-picture.js";
import { sameMask } from "./presets.js";

/** A mask over a text. */
interface MaskedText {
  readonly mask: MaskSpec;
  readonly length: number;
}

/** A mask on the model and the text of the workspace. */
interface MaskedModel {
  readonly input: ReadingInput;
  readonly head: HeadPlace;
  readonly mask: MaskSpec;
}

/** The composed mask, and what the worker tells of it. */
export class MasksState {
  readonly mask: Signal<MaskSpec>;
  /** The edge of the blocks. */
  readonly block: Signal<number>;
  /** The pair of positions whose reason is shown in full. */
  readonly pinned: Signal<Cell | undefined>;
  readonly tokens: LiveResult<ReadingInput, TokensReading>;
  readonly picture: LiveResult<MaskedText, MaskPicture>;
  readonly blocks: LiveResult<MaskedText & { readonly edge: number }, MaskBlocks>;
  readonly cost: LiveResult<MaskedText, MaskCost>;
  readonly explanation: LiveResult<MaskedText & { readonly pair: Cell }, Explanation>;
  readonly effect: LiveResult<MaskedModel, MaskEffect>;
  readonly exports: ExportFiles;
  readonly busy: ReadonlySignal<boolean> = computed(() =>
    [this.tokens, this.picture, this.blocks, this.cost, this.explanation, this.effect].some(({ busy }) => busy.value),
  );
  readonly #pace = new StepPace();
  #tell: (link: MasksLink, change: LinkChange) => void = () => {};
  /** Undefined until the text is known. */
  readonly #text: ReadonlySignal<MaskedText | undefined> = computed(() =>
    this.tokens.answered.value === undefined ? undefined : { mask: this.mask.value, length: this.length },
  );

  constructor(link: MasksLink, compute: RoomCompute, workspace: Workspace) {
    const calls = (input: ReadingInput) => callsAbout(compute, workspace, input);
    this.mask = signal(link.mask);
    this.block = signal(link.block);
    this.pinned = signal(link.pinned);
    this.exports = new ExportFiles(async () => (await compute.calls).exports);
    this.tokens = new LiveResult(async (input) => (await calls(input)).reading.tokens(modelsUrl, input), 100);
    this.picture = new LiveResult(async ({ mask, length }) => (await compute.calls).masks.picture(mask, length));
    this.blocks = new LiveResult(async ({ mask, length, edge }) => (await compute.calls).masks.blocks(mask, length, edge));
    this.cost = new LiveResult(async ({ mask, length }, { port }) => (await compute.calls).masks.cost(mask, length, port), 300);
    this.explanation = new LiveResult(async ({ mask, length, pair: { query, key } }) =>
      (await compute.calls).masks.explain(mask, length, query, key),
    );
    this.effect = new LiveResult(async ({ input, head, mask }) => (await calls(input)).masks.effect(modelsUrl, input, head, mask), 150);
  }

  /** Number of tokens of the text; 0 until it is known. */
  get length(): number {
    return this.tokens.answered.value?.result.tokens.length ?? 0;
  }

  /** Calls a listener with the state of the link, now and after each change. @returns a function that stops this */
  onLink(listener: (link: MasksLink, change: LinkChange) => void): () => void {
    this.#tell = listener;
    return effect(() => {
      const [block, pinned] = [this.block.value, this.pinned.value];
      listener({ mask: this.mask.peek(), block, pinned }, "refinement");
    });
  }

  /** Changes parts of the mask: a step, but for changes of one part that follow each other closely. */
  change(patch: Partial<MaskSpec>): void {
    const mask = { ...this.mask.value, ...patch };
    if (sameMask(mask, this.mask.value)) return;
    this.mask.value = mask;
    const parts = Object.keys(patch);
    const isStep = this.#pace.isStep(parts.join()) || parts.length > 1;
    this.#tell({ mask, block: this.block.value, pinned: this.pinned.value }, isStep ? "step" : "more");
  }

  /** Takes over the state of a link. */
  restore({ mask, block, pinned }: MasksLink): void {
    this.#pace.rest();
    batch(() => {
      this.mask.value = mask;
      this.block.value = block;
      this.pinned.value = pinned;
    });
  }

  /** Follows a workspace. @returns a function that stops this */
  follow(workspace: Workspace): () => void {
    const head = computed(() => JSON.stringify(workspace.state.value.head));
    const isOpen = computed(() => workspace.info.value?.id === workspace.state.value.model);
    const stops = [
      effect(() => {
        if (isOpen.value) this.tokens.request(workspace.input.value);
      }),
      effect(() => {
        const text = this.#text.value;
        if (text === undefined) return;
        this.picture.request(text);
        this.cost.request(text);
      }),
      effect(() => {
        const text = this.#text.value;
        if (text !== undefined) this.blocks.request({ ...text, edge: this.block.value });
      }),
      effect(() => {
        const [text, pair] = [this.#text.value, this.pinned.value];
        if (text === undefined || pair === undefined || Math.max(pair.query, pair.key) >= text.length) return;
        this.explanation.request({ ...text, pair });
      }),
      effect(() => {
        if (!isOpen.value) return;
        this.effect.request({ input: workspace.input.value, head: JSON.parse(head.value) as HeadPlace, mask: this.mask.value });
      }),
    ];
    return () => stops.forEach((stop) => stop());
  }
}
