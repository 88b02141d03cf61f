import { threeDigits } from "../src/pictures/text/numbers.js";
import { element } from "./dom.js";
import { nextCell } from "./grid-keys.js";
import { sortValue } from "./order.js";
import { paintPixels } from "./paint.js";
import type { HeadView, View } from "./view.js";

// Pixels of a thumbnail: a larger map would lose thin lines when the browser shrinks it.
const thumbnailSide = 57;

/** All heads as small maps: one row a layer, or one row when they are sorted. One tab stop; arrows move in it. */
export function thumbnails(view: View, onChoose: (index: number) => void): HTMLElement {
  const cells = view.heads.map((head) => thumbnail(head));
  const grid = element("div", { class: "grid", role: "grid", "aria-label": "Heads" });
  const arrange = (): void => grid.replaceChildren(...rowsOf(view, cells));
  const mark = (): void => cells.forEach((cell, index) => markCell(cell, index === view.chosen));
  const paint = (): void =>
    view.heads.forEach(({ map }, index) => paintPixels(cells[index]!.querySelector("canvas")!, map.shrunk(thumbnailSide), view));
  const badge = (): void => view.heads.forEach((head, index) => (cells[index]!.lastElementChild!.textContent = badgeOf(head, view.sort)));
  for (const draw of [arrange, mark, paint, badge]) draw();
  view.on("head", mark);
  view.on("colors", paint);
  view.on("order", () => [arrange, badge].forEach((draw) => draw()));
  cells.forEach((cell, index) => cell.addEventListener("click", () => onChoose(index)));
  grid.addEventListener("keydown", (event) => moveFocus(event, cells, view));
  return grid;
}

function thumbnail({ title, packed }: HeadView): HTMLButtonElement {
  const labels = packed.labels.map(({ label }) => label).join(", ");
  return element("button", {
    type: "button",
    class: "thumb",
    role: "gridcell",
    "aria-label": labels === "" ? title : `${title}: ${labels}`,
    title: labels === "" ? title : `${title}: ${labels}`,
    children: [element("canvas", { "aria-hidden": "true" }), element("span", { text: title }), element("span", { class: "badge" })],
  });
}

function markCell(cell: HTMLElement, isChosen: boolean): void {
  cell.setAttribute("aria-selected", String(isChosen));
  cell.tabIndex = isChosen ? 0 : -1;
}

function badgeOf(head: HeadView, sort: string): string {
  if (sort === "") return head.packed.labels[0]?.label ?? "";
  return threeDigits(sortValue(head, sort));
}

function rowsOf(view: View, cells: readonly HTMLElement[]): HTMLElement[] {
  const ordered = view.order.map((index) => cells[index]!);
  if (view.sort !== "") return [rowOf("sorted", ordered, true)];
  const rows: HTMLElement[] = [];
  for (const layer of new Set(view.heads.map((head) => head.layer))) {
    rows.push(
      rowOf(
        layer.packed.label,
        cells.filter((_, index) => view.heads[index]!.layer === layer),
        false,
      ),
    );
  }
  return rows;
}

function rowOf(name: string, cells: readonly HTMLElement[], isSorted: boolean): HTMLElement {
  const title = isSorted ? [] : [element("span", { class: "name", role: "rowheader", text: name })];
  return element("div", {
    class: "row",
    role: "row",
    children: [...title, element("div", { class: "cells", role: "presentation", children: cells })],
  });
}

function moveFocus(event: KeyboardEvent, cells: readonly HTMLElement[], view: View): void {
  const current = event.target instanceof Element ? event.target.closest<HTMLElement>(".thumb") : null;
  if (current === null) return;
  const next = nextCell(
    event,
    current,
    view.order.map((index) => cells[index]!),
  );
  if (next === undefined) return;
  event.preventDefault();
  for (const cell of cells) cell.tabIndex = cell === next ? 0 : -1;
  next.focus();
}
