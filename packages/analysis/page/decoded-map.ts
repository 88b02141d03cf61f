import { maskedCode, oneCode, type PackedMap } from "../src/pictures/report/payload.js";

/** A key of a row and its weight. */
export interface KeyWeight {
  readonly column: number;
  readonly weight: number;
}

/** A weight, or how large it is at most when only the block's largest is known; `null` in a masked cell. */
export interface CellWeight {
  readonly weight: number | null;
  readonly isExact: boolean;
}

/** Codes of weights, `[height, width]`. */
export interface BlockCodes {
  readonly codes: Uint16Array;
  readonly width: number;
  readonly height: number;
}

/** A map of the page, unpacked. */
export class DecodedMap {
  readonly rows: number;
  readonly columns: number;
  readonly pool: number;
  /** The blocks of a side; rows and columns when the map is whole. */
  readonly height: number;
  readonly width: number;
  /** `[height, width]`: codes of weights. */
  readonly codes: Uint16Array;
  readonly #top: { readonly count: number; readonly columns: Uint16Array; readonly weights: Uint16Array } | null;

  constructor({ rows, columns, pool, cells, top }: PackedMap) {
    [this.rows, this.columns, this.pool] = [rows, columns, pool];
    [this.height, this.width] = [Math.ceil(rows / pool), Math.ceil(columns / pool)];
    this.codes = numbersOf(cells);
    this.#top = top && { count: top.count, columns: numbersOf(top.columns), weights: numbersOf(top.weights) };
  }

  /** The weights of a row that are known exactly, largest first: all of a whole map, the largest of a pooled one. */
  keysOf(row: number): KeyWeight[] {
    const keys: KeyWeight[] = [];
    const { count, columns, weights } = this.#top ?? { count: this.width, columns: null, weights: this.codes };
    for (let place = 0; place < count; place++) {
      const code = weights[row * count + place]!;
      if (code !== maskedCode) keys.push({ column: columns === null ? place : columns[row * count + place]!, weight: code / oneCode });
    }
    return columns === null ? keys.toSorted((a, b) => b.weight - a.weight || a.column - b.column) : keys;
  }

  /** The weight of a cell. */
  at(row: number, column: number): CellWeight {
    const known = this.pool === 1 ? undefined : this.keysOf(row).find((key) => key.column === column);
    if (known) return { weight: known.weight, isExact: true };
    const code = this.codes[Math.floor(row / this.pool) * this.width + Math.floor(column / this.pool)]!;
    return { weight: code === maskedCode ? null : code / oneCode, isExact: this.pool === 1 };
  }

  /** The row of a block to point at: the one with the largest known weight in the block, or else the first. */
  rowOfBlock(blockRow: number, blockColumn: number): number {
    let best = { row: blockRow * this.pool, weight: -1 };
    for (let row = best.row; row < Math.min(this.rows, (blockRow + 1) * this.pool); row++) {
      const key = this.pool === 1 ? undefined : this.keysOf(row).find(({ column }) => Math.floor(column / this.pool) === blockColumn);
      if (key && key.weight > best.weight) best = { row, weight: key.weight };
    }
    return best.row;
  }

  /** The map with at most `side` blocks a side, each the largest weight of its blocks; the map itself if it is that small. */
  shrunk(side: number): BlockCodes {
    const pool = Math.ceil(Math.max(this.width, this.height) / side);
    if (pool <= 1) return this;
    const [width, height] = [Math.ceil(this.width / pool), Math.ceil(this.height / pool)];
    const codes = new Uint16Array(width * height).fill(maskedCode);
    this.codes.forEach((code, cell) => {
      const block = Math.floor(Math.floor(cell / this.width) / pool) * width + Math.floor((cell % this.width) / pool);
      if (code !== maskedCode && (codes[block] === maskedCode || code > codes[block]!)) codes[block] = code;
    });
    return { codes, width, height };
  }

  /** Whether any block is masked as a whole. */
  get hasMasked(): boolean {
    return this.codes.includes(maskedCode);
  }
}

function numbersOf(base64: string): Uint16Array {
  const text = atob(base64);
  const numbers = new Uint16Array(text.length / 2);
  for (let index = 0; index < numbers.length; index++) numbers[index] = text.charCodeAt(2 * index) | (text.charCodeAt(2 * index + 1) << 8);
  return numbers;
}
