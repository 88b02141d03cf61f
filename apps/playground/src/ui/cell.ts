import type { Signal } from "@preact/signals";

/** A cell of a map: a query (row) and a key (column). */
export interface Cell {
  readonly query: number;
  readonly key: number;
}

/** The row, the column or the cell that the reader points at, in any of the views that are linked. */
export type Mark = Partial<Cell>;

export function sameCell(a: Mark | undefined, b: Mark | undefined): boolean {
  return a?.query === b?.query && a?.key === b?.key;
}

/** The cell, unless it lies outside a map. */
export function cellWithin(
  cell: Cell | undefined,
  { rows, columns }: { readonly rows: number; readonly columns: number },
): Cell | undefined {
  return cell !== undefined && cell.query < rows && cell.key < columns ? cell : undefined;
}

/** Sets what the reader points at, unless it is that already. */
export function pointAt(mark: Signal<Mark | undefined>, next: Mark | undefined): void {
  if (!sameCell(mark.peek(), next)) mark.value = next;
}

/** The position and size of a cell in its map, as CSS. */
export function cellBox({ query, key }: Cell, edge: number): { top: string; left: string; width: string; height: string } {
  return { top: `${query * edge}px`, left: `${key * edge}px`, width: `${edge}px`, height: `${edge}px` };
}
