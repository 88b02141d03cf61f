import { weightText } from "../src/pictures/text/numbers.js";
import { clipLabel } from "../src/pictures/text/visible-token.js";
import { element, tokenElement } from "./dom.js";
import type { View } from "./view.js";
import { cellWords, rowWords } from "./words.js";

const shownKeys = 8;

/** What is active in words: a line that screen readers speak when the keyboard moves, and the row's largest keys as a table. */
export function readout(view: View): HTMLElement {
  const spoken = element("p", { class: "hidden-text", "aria-live": "polite" });
  const line = element("p", { class: "soft" });
  const table = element("div", { class: "scroll" });
  let waiting = 0;
  const draw = (): void => {
    const row = (view.active ?? view.cursor).row;
    line.replaceChildren(element("bdi", { text: rowWords(view, row) }));
    table.replaceChildren(keyTable(view, row));
    clearTimeout(waiting);
    // A pointer that moves over the map is not spoken.
    if (view.isKeyboardInMap || view.pinned !== null) waiting = window.setTimeout(() => speak(spoken, view), 150);
  };
  draw();
  view.on("cell", draw);
  view.on("head", draw);
  return element("div", { children: [line, spoken, table] });
}

function speak(spoken: HTMLElement, view: View): void {
  const { active, pinned } = view;
  if (active === null) return;
  const [pair, ...rest] = cellWords(view, active);
  spoken.textContent = `${view.head.title}, ${pinned === null ? "" : "pinned, "}${[pair, ...rest].join(", ")}. ${rowWords(view, active.row)}`;
}

function keyTable({ head }: View, row: number): HTMLElement {
  const { map, layer } = head;
  const keys = map.keysOf(row).slice(0, shownKeys);
  const caption = element("caption", { class: "hidden-text", text: `The keys with the largest weights of query ${row}` });
  const titles = ["rank", "key", "index", "weight"].map((text) => element("th", { scope: "col", text }));
  const rows = keys.map(({ column, weight }, rank) => {
    const token = tokenElement(clipLabel(layer.columnLabels[column]!, 40), layer.packed.columnTokens[column]!);
    const cells = [String(rank + 1), token, String(column), weightText(weight)];
    return element("tr", { children: cells.map((cell) => element("td", { children: [cell] })) });
  });
  const header = element("thead", { children: [element("tr", { children: titles })] });
  return element("table", { children: [caption, header, element("tbody", { children: rows })] });
}
