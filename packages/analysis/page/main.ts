import { rampNames } from "../src/pictures/color/ramps.js";
import type { Payload } from "../src/pictures/report/payload.js";
import { detail } from "./detail.js";
import { element, select } from "./dom.js";
import { legend } from "./legend.js";
import { lensTable } from "./lens.js";
import { sortChoices, sortedHeads } from "./order.js";
import { followTheme } from "./theme.js";
import { thumbnails } from "./thumbnails.js";
import { View } from "./view.js";

/** Draws the page from its data. */
function start(): void {
  const payload = JSON.parse(document.querySelector("#payload")!.textContent!) as Payload;
  const view = new View(payload);
  const [heads, panel] = [document.querySelector<HTMLElement>("#heads"), document.querySelector<HTMLElement>("#detail")];
  followTheme(document.querySelector("#theme")!, view);
  if (heads && panel) {
    heads.append(
      controls(view),
      legend(view),
      thumbnails(view, (index) => show(index, view, panel)),
    );
    detail(panel, view);
    linkTables(view);
  }
  const lens = document.querySelector<HTMLElement>("#lens-table");
  if (lens && payload.lens) lensTable(lens, payload.lens, view);
}

function controls(view: View): HTMLElement {
  const sort = select("Sort heads by", sortChoices(view.heads), (value) =>
    view.change("order", { sort: value, order: sortedHeads(view.heads, value) }),
  );
  const ramp = select(
    "Colours",
    rampNames.map((name) => [name, name]),
    (value) => view.change("colors", { ramp: rampNames.find((name) => name === value)! }),
  );
  return element("div", { class: "controls", children: [sort, ramp] });
}

/** Chooses a head; where the panel stands below the grid, moves the page to it. */
function show(index: number, view: View, panel: HTMLElement): void {
  view.choose(index);
  if (matchMedia("(min-width: 1000px)").matches) return;
  const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
  panel.scrollIntoView({ block: "start", behavior });
}

/** Sorts the rows of the tables with the grid, and marks those of the chosen head. */
function linkTables(view: View): void {
  const rows = Array.from(document.querySelectorAll<HTMLElement>("tr[data-head]"));
  const mark = (): void => rows.forEach((row) => row.classList.toggle("is-chosen", row.dataset.head === view.head.id));
  const sort = (): void => {
    const places = new Map(view.order.map((index, place) => [view.heads[index]!.id, place]));
    const placeOf = (row: HTMLElement): number => places.get(row.dataset.head!)!;
    for (const body of new Set(rows.map((row) => row.parentElement!))) {
      body.append(...rows.filter((row) => row.parentElement === body).toSorted((a, b) => placeOf(a) - placeOf(b)));
    }
  };
  mark();
  view.on("head", mark);
  view.on("order", sort);
}

start();
