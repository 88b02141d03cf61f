import { expect, test } from "vitest";
import { describeMapCell, readMapCell, strongestCell, strongestQuery, topKeys } from "./read-map.js";

const causal = {
  rows: 3,
  columns: 3,
  values: [1, 0, 0, 0.25, 0.75, 0, 0.5, 0.2, 0.3],
  allowed: Uint8Array.of(1, 0, 0, 1, 1, 0, 1, 1, 1),
};
const tokens = { queryTokens: ["a", "b", "a"], keyTokens: ["a", "b", "a"] };

test("a cell is read within its row", () => {
  expect(readMapCell(causal, { query: 2, key: 2 })).toEqual({ weight: 0.3, allowed: true, rank: 2, allowedKeys: 3 });
  expect(readMapCell(causal, { query: 0, key: 2 })).toMatchObject({ allowed: false, allowedKeys: 1 });
});

test("the strongest keys leave out masked ones, and equal weights keep their order", () => {
  expect(topKeys(causal, 2, 2).map(({ key }) => key)).toEqual([0, 2]);
  expect(topKeys(causal, 1, 5).map(({ key }) => key)).toEqual([1, 0]);
  expect(topKeys({ rows: 1, columns: 3, values: [0.3, 0.4, 0.3] }, 0, 2).map(({ key }) => key)).toEqual([1, 0]);
});

test("the strongest cell is allowed, and farthest above uniform attention", () => {
  expect(strongestCell(causal)).toEqual({ query: 1, key: 1 });
  expect(strongestCell({ rows: 2, columns: 3, values: [0, 1, 9, 0, 0.9, 0.1], allowed: Uint8Array.of(1, 1, 0, 1, 1, 1) })).toEqual({
    query: 1,
    key: 1,
  });
  expect(strongestCell({ rows: 1, columns: 1, values: [1] })).toEqual({ query: 0, key: 0 });
  expect(strongestCell({ rows: 1, columns: 2, values: [0.5, 0.5], allowed: new Uint8Array(2) })).toBeUndefined();
});

test("the query that attends most to a key is one that may", () => {
  expect([0, 1, 2].map((key) => strongestQuery(causal, key))).toEqual([0, 1, 2]);
  expect(strongestQuery({ rows: 1, columns: 1, values: [1], allowed: new Uint8Array(1) }, 0)).toBeUndefined();
});

test("a cell is described with the strongest keys of its row", () => {
  expect(describeMapCell(causal, tokens, { query: 2, key: 0 })).toBe(
    "“a” (2) to “a” (0): weight 0.500, rank 1 of 3. Strongest: “a” (0) 0.500, “a” (2) 0.300, “b” (1) 0.200.",
  );
  expect(describeMapCell(causal, tokens, { query: 0, key: 1 })).toBe("“a” (0) to “b” (1): masked. Strongest: “a” (0) 1.00.");
});
