import { threeDigits } from "../src/pictures/text/numbers.js";
import { clipLabel, visibleToken } from "../src/pictures/text/visible-token.js";
import type { LensCell, ReportLens } from "../src/pictures/report/report.js";
import { element, tokenElement } from "./dom.js";
import { colorOf } from "./paint.js";
import type { View } from "./view.js";

const perPage = 24;

/** The predictions of the layers: a row a position, a column a layer; long texts page by page. */
export function lensTable(box: HTMLElement, lens: ReportLens, view: View): void {
  const positions = lens.positions[0]?.length ?? 0;
  const table = element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Predictions of each layer" });
  let start = 0;
  const draw = (): void => table.replaceChildren(pageOf(lens, start, Math.min(positions, start + perPage), view));
  draw();
  view.on("colors", draw);
  if (positions > perPage) box.append(pager(positions, (from) => ((start = from), draw())));
  box.append(table);
}

function pager(positions: number, onPage: (start: number) => void): HTMLElement {
  let start = 0;
  const where = element("span", { "aria-live": "polite" });
  const buttons = [-perPage, perPage].map((by) => element("button", { type: "button", text: by < 0 ? "‹ Earlier" : "Later ›" }));
  const go = (to: number): void => {
    start = to;
    where.textContent = `positions ${start} to ${Math.min(positions, start + perPage) - 1} of ${positions}`;
    buttons[0]!.disabled = start === 0;
    buttons[1]!.disabled = start + perPage >= positions;
  };
  buttons.forEach((button, index) =>
    button.addEventListener("click", () => {
      go(start + (index === 0 ? -perPage : perPage));
      onPage(start);
    }),
  );
  go(0);
  return element("div", { class: "controls pager", children: [buttons[0]!, where, buttons[1]!] });
}

function pageOf({ layers, positions }: ReportLens, from: number, to: number, view: View): HTMLElement {
  const titles = ["position", ...layers].map((text) => element("th", { scope: "col", text }));
  const rows = [];
  for (let position = from; position < to; position++) {
    const cells = positions.map((layer) => layer[position]!);
    const name = element("th", {
      scope: "row",
      children: [`${position} `, tokenElement(clipLabel(visibleToken(cells[0]!.token), 40), cells[0]!.token)],
    });
    rows.push(element("tr", { children: [name, ...cells.map((cell) => lensCell(cell, view))] }));
  }
  const head = element("thead", { children: [element("tr", { children: titles })] });
  return element("table", { children: [head, element("tbody", { children: rows })] });
}

function lensCell({ entropy, top }: LensCell, view: View): HTMLElement {
  const best = top[0];
  const all = top.map(({ token, probability }) => `${visibleToken(token)} ${threeDigits(probability)}`).join("\n");
  const cell = element("td", { title: all });
  if (best !== undefined) {
    const { background, text } = colorOf(view, best.probability);
    const chip = tokenElement(clipLabel(visibleToken(best.token), 40), best.token);
    [chip.style.background, chip.style.color, chip.className] = [background, text, "token chip"];
    cell.append(chip, element("small", { text: `p ${threeDigits(best.probability)}` }));
  }
  cell.append(element("small", { text: `entropy ${threeDigits(entropy)}` }));
  return cell;
}
