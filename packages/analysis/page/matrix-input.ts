import type { Layout } from "./layout.js";
import type { Cell, View } from "./view.js";

const hoverDelay = 200;

/** Hover shows a cell, and shows nothing a moment after the pointer has left; a click or tap pins or unpins. */
export function followPointer(canvas: HTMLElement, view: View, layout: () => Layout): void {
  let leaving = 0;
  canvas.addEventListener("pointermove", (event) => {
    const cell = cellAt(event, view, layout());
    clearTimeout(leaving);
    if (cell === null) leaving = window.setTimeout(() => view.change("cell", { hovered: null }), hoverDelay);
    else if (cell.row !== view.hovered?.row || cell.column !== view.hovered.column) view.change("cell", { hovered: cell });
  });
  canvas.addEventListener("pointerleave", () => {
    clearTimeout(leaving);
    leaving = window.setTimeout(() => view.change("cell", { hovered: null }), hoverDelay);
  });
  canvas.addEventListener("click", (event) => {
    const cell = cellAt(event, view, layout());
    if (cell !== null) view.togglePin(cell);
  });
}

function cellAt(event: MouseEvent, { head }: View, { left, top, cell }: Layout): Cell | null {
  const { map } = head;
  const blockRow = Math.floor((event.offsetY - top) / cell);
  const blockColumn = Math.floor((event.offsetX - left) / cell);
  if (blockRow < 0 || blockColumn < 0 || blockRow >= map.height || blockColumn >= map.width) return null;
  const row = map.rowOfBlock(blockRow, blockColumn);
  const known = map.pool === 1 ? undefined : map.keysOf(row).find(({ column }) => Math.floor(column / map.pool) === blockColumn);
  return { row, column: known?.column ?? blockColumn * map.pool };
}

/** Arrows, Home, End, Page Up and Page Down move; Enter pins; Escape unpins. Other keys stay with the browser. */
export function followKeys(canvas: HTMLElement, view: View): void {
  canvas.addEventListener("focus", () => view.change("cell", { isKeyboardInMap: canvas.matches(":focus-visible") }));
  canvas.addEventListener("blur", () => view.change("cell", { isKeyboardInMap: false }));
  canvas.addEventListener("keydown", (event) => {
    if (event.altKey || event.shiftKey || !act(event, view)) return;
    event.preventDefault();
  });
}

function act(event: KeyboardEvent, view: View): boolean {
  if (event.key === "Enter" || event.key === " ") view.togglePin(view.cursor);
  else if (event.key === "Escape") view.change("cell", { pinned: null, hovered: null });
  else if (event.key === "PageDown" || event.key === "PageUp") view.step(event.key === "PageDown" ? 1 : -1);
  else {
    const cursor = moved(event, view);
    if (cursor === null) return false;
    view.change("cell", { cursor, isKeyboardInMap: true, hovered: null });
  }
  return true;
}

function moved(event: KeyboardEvent, { cursor, head }: View): Cell | null {
  const { row, column } = cursor;
  const [lastRow, lastColumn] = [head.map.rows - 1, head.map.columns - 1];
  const isCorner = event.ctrlKey || event.metaKey;
  const moves: Readonly<Record<string, Cell>> = {
    ArrowUp: { row: Math.max(0, row - 1), column },
    ArrowDown: { row: Math.min(lastRow, row + 1), column },
    ArrowLeft: { row, column: Math.max(0, column - 1) },
    ArrowRight: { row, column: Math.min(lastColumn, column + 1) },
    Home: { row: isCorner ? 0 : row, column: 0 },
    End: { row: isCorner ? lastRow : row, column: lastColumn },
  };
  return Object.hasOwn(moves, event.key) ? moves[event.key]! : null;
}
