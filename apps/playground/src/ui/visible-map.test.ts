import { expect, test } from "vitest";
import { cropMap, poolMap, sharesOfRows, windowOf } from "./visible-map.js";

const causal = { rows: 3, columns: 3, values: [1, 9, 9, 0.5, 0.5, 9, 0.2, 0.3, 0.5], allowed: Uint8Array.of(1, 0, 0, 1, 1, 0, 1, 1, 1) };

test("a pooled cell is the largest allowed number of its block, and masked when the whole block is", () => {
  const { rows, columns, values, allowed } = poolMap(causal, 2);
  expect([rows, columns]).toEqual([2, 2]);
  expect(Array.from(values as Float32Array, (value) => Math.round(value * 10) / 10)).toEqual([1, -Infinity, 0.3, 0.5]);
  expect(Array.from(allowed!)).toEqual([1, 0, 1, 1]);
  expect(poolMap(causal, 1)).toBe(causal);
});

test("a scrolled box shows the cells that it touches, within the map", () => {
  expect(windowOf(causal, 10, { left: 5, top: 12, width: 10, height: 100 })).toEqual({ row: 1, column: 0, rows: 2, columns: 2 });
});

test("a part of a map keeps values and mask", () => {
  const part = cropMap(causal, { row: 1, column: 1, rows: 2, columns: 2 });
  expect(Array.from(part.values as Float32Array)).toEqual([0.5, 9, Math.fround(0.3), 0.5]);
  expect(Array.from(part.allowed!)).toEqual([1, 0, 1, 1]);
});

test("shares of rows end at 1, and ignore masked cells", () => {
  expect(Array.from(sharesOfRows(causal).values as Float32Array, (value) => Math.round(value * 10) / 10)).toEqual([
    1, 9, 9, 1, 1, 18, 0.4, 0.6, 1,
  ]);
  expect(Array.from(sharesOfRows({ rows: 1, columns: 2, values: [0, 0] }).values as Float32Array)).toEqual([0, 0]);
});
