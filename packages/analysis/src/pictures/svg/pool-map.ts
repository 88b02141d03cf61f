import { type HeadMap, isAllowed } from "../head-map.js";

/**
 * A map with at most `side` rows and columns: each cell is the number of largest magnitude in its block. A block is masked
 * when all its cells are. A map that is small enough is returned as it is.
 */
export function poolMap(map: HeadMap, side: number): HeadMap {
  const pool = Math.ceil(Math.max(map.rows, map.columns) / side);
  if (pool <= 1) return map;
  const [rows, columns] = [Math.ceil(map.rows / pool), Math.ceil(map.columns / pool)];
  const weights = new Float32Array(rows * columns);
  const allowed = new Uint8Array(rows * columns);
  for (let cell = 0; cell < map.rows * map.columns; cell++) {
    if (!isAllowed(map, cell)) continue;
    const block = Math.floor(Math.floor(cell / map.columns) / pool) * columns + Math.floor((cell % map.columns) / pool);
    if (allowed[block] === 0 || Math.abs(map.weights[cell]!) > Math.abs(weights[block]!)) weights[block] = map.weights[cell]!;
    allowed[block] = 1;
  }
  return { weights, allowed, rows, columns };
}
