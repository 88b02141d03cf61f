import type { RampName, Tone } from "../src/pictures/color/ramps.js";
import type { PackedHead, PackedLayer, Payload } from "../src/pictures/report/payload.js";
import { tokenLabels } from "../src/pictures/text/visible-token.js";
import { DecodedMap } from "./decoded-map.js";

/** A head as the page shows it. */
export interface HeadView {
  /** The id that the rows of the tables have too. */
  readonly id: string;
  readonly title: string;
  readonly layer: LayerView;
  readonly packed: PackedHead;
  readonly map: DecodedMap;
}

/** A layer with the labels of its tokens. */
interface LayerView {
  readonly packed: PackedLayer;
  readonly rowLabels: readonly string[];
  readonly columnLabels: readonly string[];
}

/** A cell of the chosen map. */
export interface Cell {
  readonly row: number;
  readonly column: number;
}

/** What changed: the chosen head, the active cell, the colours, or the order of heads. */
export type Change = "head" | "cell" | "colors" | "order";

/** The state of the page. Each part of the page reads it and draws itself after a change. */
export class View {
  readonly heads: readonly HeadView[];
  /** Indices of heads, in the order in which they stand. */
  order: number[];
  /** What the heads are sorted by: `""`, `"metric …"` or `"label …"`. */
  sort = "";
  chosen = 0;
  /** Where the keyboard is. */
  cursor: Cell = { row: 0, column: 0 };
  isKeyboardInMap = false;
  hovered: Cell | null = null;
  pinned: Cell | null = null;
  ramp: RampName = "blues";
  tone: Tone = "light";
  readonly #listeners: [Change, () => void][] = [];

  constructor({ layers }: Payload) {
    this.heads = layers.flatMap((packed, index) => headsOf(packed, index));
    this.order = this.heads.map((_, index) => index);
  }

  get head(): HeadView {
    return this.heads[this.chosen]!;
  }

  /** The cell that is shown: pinned before hovered before the keyboard's. */
  get active(): Cell | null {
    return this.pinned ?? this.hovered ?? (this.isKeyboardInMap ? this.cursor : null);
  }

  on(change: Change, draw: () => void): void {
    this.#listeners.push([change, draw]);
  }

  change(
    change: Change,
    values: Partial<Pick<View, "cursor" | "hovered" | "isKeyboardInMap" | "order" | "pinned" | "ramp" | "sort" | "tone">>,
  ): void {
    Object.assign(this, values);
    this.#notify(change);
  }

  /** Shows a head; a pin stays if the new map has the cell. */
  choose(index: number): void {
    if (index === this.chosen) return;
    this.chosen = index;
    const { rows, columns } = this.head.map;
    const fits = (cell: Cell | null): boolean => cell !== null && cell.row < rows && cell.column < columns;
    this.hovered = null;
    if (!fits(this.pinned)) this.pinned = null;
    if (!fits(this.cursor)) this.cursor = { row: 0, column: 0 };
    this.#notify("head");
  }

  /** Shows the next head in the order of the page, or the one before it. */
  step(by: number): void {
    const place = this.order.indexOf(this.chosen) + by;
    if (place >= 0 && place < this.order.length) this.choose(this.order[place]!);
  }

  /** Pins a cell, or unpins it when it is pinned. */
  togglePin(cell: Cell): void {
    const isPinned = this.pinned?.row === cell.row && this.pinned.column === cell.column;
    this.change("cell", { pinned: isPinned ? null : cell, cursor: cell });
  }

  #notify(change: Change): void {
    for (const [listened, draw] of this.#listeners) if (listened === change) draw();
  }
}

function headsOf(packed: PackedLayer, index: number): HeadView[] {
  const layer = { packed, rowLabels: tokenLabels(packed.rowTokens), columnLabels: tokenLabels(packed.columnTokens) };
  return packed.heads.map((head, place) => ({
    id: `${index}.${place}`,
    title: `${packed.label}·H${head.head}`,
    layer,
    packed: head,
    map: new DecodedMap(head.map),
  }));
}
