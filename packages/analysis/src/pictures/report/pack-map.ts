import type { HeadMap } from "../head-map.js";
import { base64Of16Bits } from "../../base64.js";
import { maskedCode, oneCode, type PackedMap } from "./payload.js";

/** All maps of a report together may have this many cells: 8 MiB, 11 MB as text. */
const mostCells = 2 ** 22;
/** A map of at most this many cells is whole, however many heads there are. */
const wholeCells = 64 * 64;
/** The longer side of a pooled map. */
const pooledSide = 96;
/** The keys of each row that a pooled map keeps exactly. */
export const topCount = 8;

/** How many cells a map may have to be stored whole, in a report with this many heads. */
export function wholeMapCells(heads: number): number {
  return Math.max(wholeCells, Math.floor(mostCells / Math.max(1, heads)));
}

/** Whether a map of a report is packed already. */
export function isPacked(map: HeadMap | PackedMap): map is PackedMap {
  return "cells" in map;
}

/** Packs a map: whole, or as the largest weight of each block and the largest weights of each row. */
export function packMap(map: HeadMap, limit: number): PackedMap {
  const packer = new MapPacker(map.rows, map.columns, limit);
  packer.add(0, map);
  return packer.packed();
}

/** Packs a map whose rows come in blocks, so that the whole map need never exist. */
export class MapPacker {
  readonly #rows: number;
  readonly #columns: number;
  readonly #pool: number;
  /** The largest weight of each block of cells; -Infinity while all its cells are masked. */
  readonly #largest: Float64Array;
  readonly #top: { readonly count: number; readonly columns: Uint16Array; readonly weights: Uint16Array } | null;

  /** @param limit how many cells a whole map may have */
  constructor(rows: number, columns: number, limit: number) {
    const isWhole = rows * columns <= limit;
    const pool = isWhole ? 1 : Math.ceil(Math.max(rows, columns) / pooledSide);
    const count = Math.min(topCount, columns);
    this.#rows = rows;
    this.#columns = columns;
    this.#pool = pool;
    this.#largest = new Float64Array(Math.ceil(rows / pool) * Math.ceil(columns / pool)).fill(-Infinity);
    const places = rows * count;
    this.#top = isWhole ? null : { count, columns: new Uint16Array(places), weights: new Uint16Array(places).fill(maskedCode) };
  }

  /** @param start the index of the first row @param block some rows of the map */
  add(start: number, block: HeadMap): void {
    this.#pooled(start, block);
    for (let row = 0; row < block.rows; row++) this.#topOf(start, block, row);
  }

  packed(): PackedMap {
    const top = this.#top && {
      count: this.#top.count,
      columns: base64Of16Bits(this.#top.columns),
      weights: base64Of16Bits(this.#top.weights),
    };
    return {
      rows: this.#rows,
      columns: this.#columns,
      pool: this.#pool,
      cells: base64Of16Bits(Uint16Array.from(this.#largest, (weight) => (weight === -Infinity ? maskedCode : codeOf(weight)))),
      top,
    };
  }

  #pooled(start: number, { weights, allowed, rows, columns }: HeadMap): void {
    const [largest, pool, width] = [this.#largest, this.#pool, Math.ceil(columns / this.#pool)];
    for (let row = 0; row < rows; row++) {
      const first = Math.floor((start + row) / pool) * width;
      for (let block = 0; block < width; block++) {
        let most = largest[first + block]!;
        const end = row * columns + Math.min(columns, (block + 1) * pool);
        for (let cell = row * columns + block * pool; cell < end; cell++) {
          if (weights[cell]! > most && (allowed === null || allowed[cell] !== 0)) most = weights[cell]!;
        }
        largest[first + block] = most;
      }
    }
  }

  #topOf(start: number, block: HeadMap, row: number): void {
    if (this.#top === null) return;
    const { count, columns, weights } = this.#top;
    topColumns(block, row, count).forEach((column, rank) => {
      columns[(start + row) * count + rank] = column;
      weights[(start + row) * count + rank] = codeOf(block.weights[row * block.columns + column]!);
    });
  }
}

function codeOf(weight: number): number {
  return Math.round(Math.min(1, Math.max(0, weight)) * oneCode);
}

/** The columns with the largest weights of a row, largest first; of equal weights the first column first. */
export function topColumns({ weights, allowed, columns }: HeadMap, row: number, count: number): number[] {
  const best: number[] = [];
  const start = row * columns;
  let least = -Infinity;
  for (let column = 0; column < columns; column++) {
    if (allowed !== null && allowed[start + column] === 0) continue;
    const weight = weights[start + column]!;
    if (best.length === count && weight <= least) continue;
    let place = best.length;
    while (place > 0 && weights[start + best[place - 1]!]! < weight) place--;
    best.splice(place, 0, column);
    if (best.length > count) best.pop();
    least = weights[start + best.at(-1)!]!;
  }
  return best;
}
