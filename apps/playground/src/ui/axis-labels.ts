/** Which positions of an axis get a label so that neighbours stay apart: every one, every second, every fifth … */
export function labelledPositions(count: number, cell: number, labelHeight: number): number[] {
  const needed = Math.max(1, Math.ceil(labelHeight / cell));
  const step = [1, 2, 5, 10, 20, 25, 50, 100].find((nice) => nice >= needed) ?? needed;
  return Array.from({ length: Math.ceil(count / step) }, (_, index) => index * step);
}

/** The greatest cell, in whole pixels where it is not tiny, with which the columns fit. */
export function fitCell(columns: number, width: number, most: number): number {
  const cell = Math.min(most, width / columns);
  return cell >= 3 ? Math.floor(cell) : cell;
}
