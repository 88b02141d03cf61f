import { element } from "./dom.js";
import type { Layout } from "./layout.js";
import type { View } from "./view.js";
import { cellWords } from "./words.js";

/** The words of the active cell beside it, inside the box of the map. */
export function tooltip(view: View, layout: () => Layout, box: HTMLElement): HTMLElement {
  const made = element("div", { id: "tooltip", "aria-hidden": "true", hidden: true });
  const draw = (): void => {
    const { active, head } = view;
    made.hidden = active === null;
    if (active === null) return;
    made.replaceChildren(...cellWords(view, active).map((words) => element("div", { children: [element("bdi", { text: words })] })));
    const { left, top, cell } = layout();
    const x = left + (Math.floor(active.column / head.map.pool) + 1) * cell + 10;
    const y = top + (Math.floor(active.row / head.map.pool) + 1) * cell + 10;
    const before = (end: number, size: number): number => Math.max(0, end - size - cell - 20);
    made.style.left = `${x + made.offsetWidth > box.clientWidth ? before(x, made.offsetWidth) : x}px`;
    made.style.top = `${y + made.offsetHeight > box.clientHeight ? before(y, made.offsetHeight) : y}px`;
  };
  view.on("cell", draw);
  view.on("head", draw);
  return made;
}
