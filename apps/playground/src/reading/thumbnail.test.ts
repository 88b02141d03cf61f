import { expect, test } from "vitest";
import { Thumbnail } from "./thumbnail.js";

test("a small map is its own thumbnail", () => {
  const thumbnail = new Thumbnail(2, 2);
  thumbnail.add(0, { weights: [1, 0, 0.25, 0.75], allowed: [1, 0, 1, 1], rows: 2, columns: 2 });
  expect(thumbnail.picture()).toEqual({
    rows: 2,
    columns: 2,
    values: Float32Array.of(1, 0, 0.25, 0.75),
    allowed: Uint8Array.of(1, 0, 1, 1),
  });
});

test("a large map is pooled by the maximum, and masked where all of a block is", () => {
  const [rows, columns] = [130, 70];
  const thumbnail = new Thumbnail(rows, columns); // blocks of 3 × 3
  const lower = (row: number, column: number): boolean => column <= row;
  for (let start = 0; start < rows; start += 50) {
    const count = Math.min(50, rows - start);
    const cells = Array.from({ length: count * columns }, (_, cell) => [start + Math.floor(cell / columns), cell % columns] as const);
    const weights = cells.map(([row, column]) => (lower(row, column) ? (row + column) / 1000 : 0.9));
    thumbnail.add(start, { weights, allowed: cells.map(([row, column]) => Number(lower(row, column))), rows: count, columns });
  }
  const picture = thumbnail.picture();
  expect([picture.rows, picture.columns]).toEqual([44, 24]);
  expect(picture.values[0]).toBeCloseTo(0.004); // of row 2 and column 2
  expect(picture.values[40 * 24 + 10]).toBeCloseTo((122 + 32) / 1000);
  expect([...picture.allowed.subarray(0, 24)]).toEqual([1, ...Array.from({ length: 23 }, () => 0)]);
});
