import { visibleToken } from "../src/pictures/text/visible-token.js";
import { element } from "./dom.js";
import { colorOf } from "./paint.js";
import type { View } from "./view.js";

/**
 * The tokens, coloured by how much the active query attends to them. Pointing at a token shows its row, a click pins it.
 * Two strips when the queries are other tokens than the keys.
 */
export function strips(view: View): HTMLElement {
  const box = element("div");
  const build = (): void => {
    const { rowTokens, columnTokens } = view.head.layer.packed;
    const isSame = rowTokens.length === columnTokens.length && rowTokens.every((token, index) => token === columnTokens[index]);
    const keys = strip(columnTokens, isSame ? view : null);
    const queries = isSame ? keys : strip(rowTokens, view);
    box.replaceChildren(...(isSame ? [keys] : [caption("queries"), queries, caption("keys"), keys]));
    color = () => colorStrips(view, queries, keys);
    color();
  };
  let color = (): void => undefined;
  let layer: unknown = null;
  const follow = (): void => {
    if (layer === view.head.layer) return color();
    layer = view.head.layer;
    return build();
  };
  follow();
  view.on("head", follow);
  view.on("cell", () => color());
  view.on("colors", () => color());
  return box;
}

function caption(text: string): HTMLElement {
  return element("span", { class: "soft", text });
}

function strip(tokens: readonly string[], view: View | null): HTMLElement {
  const spans = tokens.map((token, index) => element("span", { text: visibleToken(token), title: `${token} (${index})` }));
  const box = element("div", { class: "strip", children: spans });
  if (view === null) return box;
  const rowAt = (event: Event): number => spans.indexOf(event.target as HTMLSpanElement);
  const cellOf = (row: number): { row: number; column: number } => ({ row, column: view.head.map.keysOf(row)[0]?.column ?? 0 });
  box.addEventListener("pointerover", (event) => {
    if (rowAt(event) >= 0) view.change("cell", { hovered: cellOf(rowAt(event)) });
  });
  box.addEventListener("pointerleave", () => view.change("cell", { hovered: null }));
  box.addEventListener("click", (event) => {
    if (rowAt(event) >= 0) view.togglePin(cellOf(rowAt(event)));
  });
  return box;
}

function colorStrips(view: View, queries: HTMLElement, keys: HTMLElement): void {
  const row = (view.active ?? view.cursor).row;
  const weights = new Map(view.head.map.keysOf(row).map(({ column, weight }) => [column, weight]));
  Array.from(keys.children, (span, column) => {
    const weight = weights.get(column);
    const { background, text } = weight === undefined ? { background: "", text: "" } : colorOf(view, weight);
    (span as HTMLElement).style.background = background;
    (span as HTMLElement).style.color = text;
  });
  queries.querySelector(".is-query")?.classList.remove("is-query");
  const query = queries.children[row];
  query?.classList.add("is-query");
  if (query instanceof HTMLElement && !queries.matches(":hover")) showInside(queries, query);
}

/** Scrolls a strip, and nothing else, to one of its tokens. */
function showInside(box: HTMLElement, token: HTMLElement): void {
  const top = token.offsetTop - box.offsetTop;
  if (top < box.scrollTop || top + token.offsetHeight > box.scrollTop + box.clientHeight) box.scrollTop = top - 4;
}
