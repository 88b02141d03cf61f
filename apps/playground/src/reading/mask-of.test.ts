import { expect, test } from "vitest";
import { documentLengths, maskOf, maskParts } from "./mask-of.js";
import type { MaskSpec } from "./mask-spec.js";

const open: MaskSpec = { causal: false, prefix: 0, window: null, padding: 0, documents: [] };

/** Each row of a mask as text: 1 where the query may attend to the key. */
function rowsOf(spec: MaskSpec, length: number): string[] {
  const mask = maskOf(spec, length);
  const positions = Array.from({ length }, (_, position) => position);
  return positions.map((query) => positions.map((key) => Number(mask.at(0, 0, query, key))).join(""));
}

test.each<[string, Partial<MaskSpec>, string[]]>([
  ["no part allows everything", {}, ["1111", "1111", "1111", "1111"]],
  ["causal allows earlier keys and the query's own", { causal: true }, ["1000", "1100", "1110", "1111"]],
  ["a prefix is an exception of causal", { causal: true, prefix: 2 }, ["1100", "1100", "1110", "1111"]],
  ["a prefix without causal forbids nothing", { prefix: 2 }, ["1111", "1111", "1111", "1111"]],
  ["a window counts keys on both sides", { window: { before: 1, after: 0 } }, ["1000", "1100", "0110", "0011"]],
  ["a window of 0 leaves the query's own key", { window: { before: 0, after: 0 } }, ["1000", "0100", "0010", "0001"]],
  ["padding hides the last keys from every query", { padding: 1 }, ["1110", "1110", "1110", "1110"]],
  ["padding beyond the text hides every key", { padding: 9 }, ["0000", "0000", "0000", "0000"]],
  ["documents do not see each other", { documents: [1, 3] }, ["1000", "0110", "0110", "0001"]],
  ["parts combine", { causal: true, padding: 1, documents: [2] }, ["1000", "1100", "0010", "0010"]],
])("%s", (_title, patch, rows) => {
  expect(rowsOf({ ...open, ...patch }, 4)).toEqual(rows);
});

test("tokens written after the text see it without its padding, as part of its last document", () => {
  const mask = maskOf({ ...open, padding: 1, documents: [2] }, 4, 6);
  const row = (query: number): string => [0, 1, 2, 3, 4, 5].map((key) => Number(mask.at(0, 0, query, key))).join("");
  expect([0, 1, 2, 3, 4, 5].map(row)).toEqual(["110000", "110000", "001011", "001011", "001011", "001011"]);
});

test("parts that forbid nothing are left out", () => {
  const names = (spec: MaskSpec): string[] => maskParts(spec, 4).map(({ name }) => name);
  expect(names({ ...open, prefix: 3, documents: [0, 4, 9] })).toEqual([]);
  expect(names({ causal: true, prefix: 1, window: { before: 1, after: 1 }, padding: 1, documents: [2] })).toEqual([
    "order",
    "window",
    "padding",
    "documents",
  ]);
});

test("documents start at positions inside the text, in any order and each once", () => {
  expect(documentLengths([], 5)).toEqual([5]);
  expect(documentLengths([3, 1, 3, 0, 5, -1, 99], 5)).toEqual([1, 2, 2]);
  expect(documentLengths([1], 0)).toEqual([0]);
});

test("an empty text has a mask without cells", () => {
  const spec: MaskSpec = { causal: true, prefix: 2, window: { before: 0, after: 0 }, padding: 3, documents: [1] };
  expect(maskOf(spec, 0).blocks({ queryLength: 0, keyLength: 0 }).counts).toEqual({ empty: 0, partial: 0, full: 0 });
});
