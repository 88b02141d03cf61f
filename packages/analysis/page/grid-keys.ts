/** The cell of a grid of buttons that a key moves to; undefined for other keys. Up and down go by where the cells stand. */
export function nextCell(event: KeyboardEvent, current: HTMLElement, cells: readonly HTMLElement[]): HTMLElement | undefined {
  const place = cells.indexOf(current);
  const row = current.closest(".row")!;
  const inRow = cells.filter((cell) => row.contains(cell));
  const scope = event.ctrlKey || event.metaKey ? cells : inRow;
  switch (event.key) {
    case "ArrowRight":
      return cells[Math.min(place + 1, cells.length - 1)];
    case "ArrowLeft":
      return cells[Math.max(place - 1, 0)];
    case "ArrowDown":
      return nearest(current, cells, 1);
    case "ArrowUp":
      return nearest(current, cells, -1);
    case "Home":
      return scope[0];
    case "End":
      return scope.at(-1);
    default:
      return undefined;
  }
}

/** The cell of the next line of cells that is nearest to the side; the current one at the edge. */
function nearest(current: HTMLElement, cells: readonly HTMLElement[], direction: 1 | -1): HTMLElement {
  const from = current.getBoundingClientRect();
  let best = current;
  let least = Infinity;
  for (const cell of cells) {
    const { top, left } = cell.getBoundingClientRect();
    const down = (top - from.top) * direction;
    const distance = down * 10_000 + Math.abs(left - from.left);
    if (down > from.height / 2 && distance < least) [best, least] = [cell, distance];
  }
  return best;
}
