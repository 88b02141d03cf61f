/** The positions that get a label, spaced so that labels do not overlap: all, every second, every fifth and so on. */
export function labelledPositions(count: number, cell: number, labelHeight: number): number[] {
  const needed = Math.max(1, Math.ceil(labelHeight / cell));
  const step = [1, 2, 5, 10, 20, 25, 50, 100].find((nice) => nice >= needed) ?? needed;
  return Array.from({ length: Math.ceil(count / step) }, (_, index) => index * step);
}

/** The largest cell with which the columns fit the width; a whole number of pixels unless it is smaller than 3. */
export function fitCell(columns: number, width: number, max: number): number {
  const cell = Math.min(max, width / columns);
  return cell >= 3 ? Math.floor(cell) : cell;
}
