import { refuse, ValueError } from "@tfblocks/tensor-utils";
import type { BlockSize, MaskJSON } from "../mask.js";
import { type AttentionRule, EMPTY, FULL, PARTIAL, type Rectangle } from "../attention-rule.js";

/** A table of cells, each of which represents cell.query x cell.key positions, starting at an origin. */
export interface Table {
  readonly json: MaskJSON;
  /** `[batch|1, heads|1, rows, columns]` */
  readonly shape: readonly [number, number, number, number];
  /** 0 or 1, row-major over shape. */
  readonly allowed: Uint8Array;
  /** Infinity where one row or column represents all positions. */
  readonly cell: BlockSize;
  readonly origin?: BlockSize;
  /** The values of an additive mask, row-major over shape. */
  readonly values?: Float32Array;
}

/** A rule that looks up cells, and classifies a rectangle by the cells that it covers. */
export function tableRule({ json, shape, allowed, cell, origin = { query: 0, key: 0 }, values }: Table): AttentionRule {
  const [batch, heads, rows, columns] = shape;
  const { type } = json;
  const rowOf = (query: number): number => Math.floor((query - origin.query) / cell.query);
  const columnOf = (key: number): number => Math.floor((key - origin.key) / cell.key);
  const plane = (b: number, h: number): number => ((b % batch) * heads + (h % heads)) * rows * columns;
  const indexOf = (b: number, h: number, query: number, key: number): number => {
    const row = rowOf(query);
    const column = columnOf(key);
    return row >= 0 && row < rows && column >= 0 && column < columns ? plane(b, h) + row * columns + column : -1;
  };
  return {
    batch,
    heads,
    json,
    allows: (b, h, query, key) => allowed[indexOf(b, h, query, key)] === 1,
    classify(b, h, { queryStart, queryEnd, keyStart, keyEnd }) {
      const [top, bottom, left, right] = [rowOf(queryStart), rowOf(queryEnd - 1), columnOf(keyStart), columnOf(keyEnd - 1)];
      const first = allowed[plane(b, h) + top * columns + left];
      for (let row = top; row <= bottom; row++) {
        for (let index = plane(b, h) + row * columns + left; index <= plane(b, h) + row * columns + right; index++) {
          if (allowed[index] !== first) return PARTIAL;
        }
      }
      return first === 1 ? FULL : EMPTY;
    },
    fit: (operation, extent) =>
      checkCovered(operation, type, extent, {
        queryStart: origin.query,
        queryEnd: origin.query + rows * cell.query,
        keyStart: origin.key,
        keyEnd: origin.key + columns * cell.key,
      }),
    clause(b, h, query, key) {
      const index = indexOf(b, h, query, key);
      return index < 0 ? `${type} has nothing there` : `${type} holds ${values ? values[index] : allowed[index] === 1} there`;
    },
    ...(values && { addend: (b: number, h: number, query: number, key: number) => values[indexOf(b, h, query, key)] ?? -Infinity }),
  };
}

/** Checks that the requested positions are within the positions of the data. */
export function checkCovered(operation: string, type: string, asked: Rectangle, known: Rectangle): void {
  for (const axis of ["query", "key"] as const) {
    const [start, end, knownStart, knownEnd] = [asked[`${axis}Start`], asked[`${axis}End`], known[`${axis}Start`], known[`${axis}End`]];
    if (start === end || (start >= knownStart && end <= knownEnd)) continue;
    const expected = `within ${knownStart} to ${knownEnd - 1}, which ${type} covers`;
    refuse(ValueError, operation, `${axis} positions`, expected, `${start} to ${end - 1}`);
  }
}
