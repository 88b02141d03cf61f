import type { HeatMapData } from "./draw-heat-map.js";

/** A rectangle of cells of a map. */
export interface MapWindow {
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
}

/** The cells of a map that a scrolled box shows. @param cell the edge of a cell in CSS pixels */
export function windowOf(
  data: Pick<HeatMapData, "rows" | "columns">,
  cell: number,
  box: { readonly left: number; readonly top: number; readonly width: number; readonly height: number },
): MapWindow {
  const [row, column] = [Math.floor(box.top / cell), Math.floor(box.left / cell)];
  const rows = Math.min(data.rows, Math.ceil((box.top + box.height) / cell)) - row;
  const columns = Math.min(data.columns, Math.ceil((box.left + box.width) / cell)) - column;
  return { row, column, rows: Math.max(0, rows), columns: Math.max(0, columns) };
}

/** A part of a map; a copy. */
export function cropMap({ values, allowed, columns: stride }: HeatMapData, { row, column, rows, columns }: MapWindow): HeatMapData {
  const cropped = new Float32Array(rows * columns);
  const open = allowed && new Uint8Array(rows * columns);
  for (let y = 0; y < rows; y++) {
    const start = (row + y) * stride + column;
    for (let x = 0; x < columns; x++) {
      cropped[y * columns + x] = values[start + x]!;
      if (open !== undefined) open[y * columns + x] = allowed![start + x]!;
    }
  }
  return { rows, columns, values: cropped, allowed: open };
}

/**
 * A map of which each cell is the largest allowed number of a block of `pool` × `pool` cells, so that no large weight of a long
 * text gets lost between pixels. A block is masked when all its cells are.
 */
export function poolMap(data: HeatMapData, pool: number): HeatMapData {
  if (pool <= 1) return data;
  const [rows, columns] = [Math.ceil(data.rows / pool), Math.ceil(data.columns / pool)];
  const values = new Float32Array(rows * columns).fill(-Infinity);
  const allowed = new Uint8Array(rows * columns);
  for (let row = 0; row < data.rows; row++) {
    const line = Math.floor(row / pool) * columns;
    for (let column = 0; column < data.columns; column++) {
      const from = row * data.columns + column;
      if (data.allowed !== undefined && data.allowed[from] === 0) continue;
      const to = line + Math.floor(column / pool);
      allowed[to] = 1;
      if (data.values[from]! > values[to]!) values[to] = data.values[from]!;
    }
  }
  return { rows, columns, values, allowed };
}

/** A map of which each weight is a share of the largest allowed weight of its row. */
export function sharesOfRows(data: HeatMapData): HeatMapData {
  const { rows, columns, allowed } = data;
  const values = new Float32Array(rows * columns);
  for (let start = 0; start < rows * columns; start += columns) {
    let largest = 0;
    for (let cell = start; cell < start + columns; cell++) if (allowed?.[cell] !== 0) largest = Math.max(largest, data.values[cell]!);
    for (let cell = start; cell < start + columns; cell++) values[cell] = data.values[cell]! / (largest || 1);
  }
  return { rows, columns, values, allowed };
}
