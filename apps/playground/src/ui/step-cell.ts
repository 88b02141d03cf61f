/** The cell that a key moves to from a cell of a grid; undefined if the key does not move. */
export function stepCell(
  key: string,
  control: boolean,
  row: number,
  column: number,
  rows: number,
  columns: number,
): readonly [row: number, column: number] | undefined {
  const last = columns - 1;
  switch (key) {
    case "ArrowUp":
      return [Math.max(0, row - 1), column];
    case "ArrowDown":
      return [Math.min(rows - 1, row + 1), column];
    case "ArrowLeft":
      return [row, Math.max(0, column - 1)];
    case "ArrowRight":
      return [row, Math.min(last, column + 1)];
    case "Home":
      return control ? [0, 0] : [row, 0];
    case "End":
      return control ? [rows - 1, last] : [row, last];
    default:
      return undefined;
  }
}
