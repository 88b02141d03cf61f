import { threeDigits } from "../src/pictures/text/numbers.js";
import { element } from "./dom.js";
import { matrix } from "./matrix.js";
import { readout } from "./readout.js";
import { strips } from "./strips.js";
import type { View } from "./view.js";

const help =
  "Point at a cell to see its weight; click it, or press Enter, to pin it; click again, or press Escape, to unpin it. Arrows, Home and End move, with Ctrl to the corners; Page Up and Page Down change the head.";

/** Fills the panel of the chosen head. */
export function detail(panel: HTMLElement, view: View): void {
  panel.hidden = false;
  const words = element("p", { class: "soft", text: "Rows are queries, columns are keys: a row attends to columns." });
  const hint = element("small", { id: "map-help", text: help });
  const numbers = element("div", { class: "pair", children: [readout(view), metrics(view)] });
  panel.append(headLine(view), evidence(view), strips(view), words, matrix(view), hint, numbers);
}

function headLine(view: View): HTMLElement {
  const title = element("h3", { id: "head-title", "aria-live": "polite" });
  const before = stepButton("Previous head", "‹", () => view.step(-1));
  const after = stepButton("Next head", "›", () => view.step(1));
  const unpin = element("button", { type: "button", class: "chip", hidden: true });
  unpin.addEventListener("click", () => view.change("cell", { pinned: null }));
  const drawHead = (): void => {
    const place = view.order.indexOf(view.chosen);
    title.textContent = view.head.title;
    [before.disabled, after.disabled] = [place === 0, place === view.order.length - 1];
  };
  const drawPin = (): void => {
    unpin.hidden = view.pinned === null;
    unpin.textContent = view.pinned === null ? "" : `pinned ${view.pinned.row} → ${view.pinned.column} ×`;
    unpin.ariaLabel = "Unpin";
  };
  for (const change of ["head", "order"] as const) view.on(change, drawHead);
  for (const change of ["head", "cell"] as const) view.on(change, drawPin);
  drawHead();
  return element("div", { class: "head-line", children: [title, before, after, unpin] });
}

function stepButton(label: string, text: string, onClick: () => void): HTMLButtonElement {
  const button = element("button", { type: "button", "aria-label": label, text });
  button.addEventListener("click", onClick);
  return button;
}

/** The labels of the head, each with its evidence. */
function evidence(view: View): HTMLElement {
  const box = element("div");
  const draw = (): void =>
    box.replaceChildren(
      ...view.head.packed.labels.map(({ label, evidence: words }) =>
        element("p", { children: [element("span", { class: "chip", text: label }), ` ${words}`] }),
      ),
    );
  draw();
  view.on("head", draw);
  return box;
}

function metrics(view: View): HTMLElement {
  const body = element("tbody");
  const titles = ["metric", "score", "null", "lift"].map((text) => element("th", { scope: "col", text }));
  const table = element("table", { children: [element("thead", { children: [element("tr", { children: titles })] }), body] });
  const box = element("div", { class: "scroll", children: [table] });
  const draw = (): void => {
    box.hidden = view.head.packed.metrics.length === 0;
    body.replaceChildren(
      ...view.head.packed.metrics.map(({ name, score, nullScore, lift }) =>
        element("tr", {
          children: [
            element("th", { scope: "row", text: name }),
            ...[score, nullScore, lift].map((value) => element("td", { text: threeDigits(value) })),
          ],
        }),
      ),
    );
  };
  draw();
  view.on("head", draw);
  return box;
}
