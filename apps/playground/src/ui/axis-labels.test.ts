import fc from "fast-check";
import { expect, test } from "vitest";
import { fitCell, labelledPositions } from "./axis-labels.js";

test("labels do not overlap and start at 0", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.double({ min: 0.5, max: 40, noNaN: true }), (count, cell) => {
      const positions = labelledPositions(count, cell, 14);
      expect(positions[0]).toBe(0);
      for (let index = 1; index < positions.length; index++) {
        expect((positions[index]! - positions[index - 1]!) * cell).toBeGreaterThanOrEqual(14);
      }
    }),
  );
});

test("every position has a label if there is room", () => {
  expect(labelledPositions(4, 20, 14)).toEqual([0, 1, 2, 3]);
});

test("columns always fit the width", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 100, max: 800 }),
      (columns, width) => fitCell(columns, width, 36) * columns <= width + 1e-6,
    ),
  );
});
