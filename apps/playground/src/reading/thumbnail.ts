import type { HeadMap } from "@tfblocks/analysis/pictures";
import type { WeightMap } from "./readings.js";

/** A thumbnail has at most so many rows and columns. */
const thumbnailSide = 64;

/** A small picture of a map: each cell is the largest weight of its block, and masked if all of the block is. */
export class Thumbnail implements WeightMap {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
  readonly allowed: Uint8Array;
  readonly #pool: number;

  constructor(rows: number, columns: number) {
    this.#pool = Math.max(1, Math.ceil(Math.max(rows, columns) / thumbnailSide));
    this.rows = Math.ceil(rows / this.#pool);
    this.columns = Math.ceil(columns / this.#pool);
    this.values = new Float32Array(this.rows * this.columns);
    this.allowed = new Uint8Array(this.rows * this.columns);
  }

  /** @param start the index of the first row @param block some rows of the map */
  add(start: number, { weights, allowed, rows, columns }: HeadMap): void {
    for (let row = 0; row < rows; row++) {
      const line = Math.floor((start + row) / this.#pool) * this.columns;
      for (let column = 0; column < columns; column++) {
        const cell = row * columns + column;
        if (allowed !== null && allowed[cell] === 0) continue;
        const block = line + Math.floor(column / this.#pool);
        this.values[block] = Math.max(this.values[block]!, weights[cell]!);
        this.allowed[block] = 1;
      }
    }
  }

  /** A copy without methods, which can be transferred. */
  picture(): WeightMap {
    const { rows, columns, values, allowed } = this;
    return { rows, columns, values: values.slice(), allowed: allowed.slice() };
  }
}
