import { expect, test } from "vitest";
import type { MaskSpec } from "../../reading/mask-spec.js";
import { describeCell } from "./describe-cell.js";
import { readStarts } from "./document-fields.js";
import { drawMask } from "./draw-mask.js";

const spec: MaskSpec = { causal: true, prefix: 0, window: { before: 2, after: 0 }, padding: 0, documents: [] };
const tokens = ["a", "b", "c", "d"].map((text, id) => ({ id, text, isUnknown: false }));

test("a pair is named, with each reason why it is hidden", () => {
  const picture = drawMask(spec, 4);
  expect(describeCell(picture, spec, tokens, { query: 3, key: 0 })).toEqual({
    pair: "“d” (3) → “a” (0)",
    verdict: "hidden",
    reasons: ["it is 3 tokens away, and the window reaches 2 back"],
  });
  expect(describeCell(picture, spec, tokens, { query: 2, key: 2 })).toMatchObject({ verdict: "visible", reasons: [] });
});

test("a cell that stands for many pairs says how many of them are visible", () => {
  const picture = drawMask({ ...spec, window: null, documents: [600] }, 1024);
  const words = (query: number, key: number) => describeCell(picture, spec, [], { query, key });
  expect(words(3, 3)).toEqual({ pair: "queries 6 to 7 → keys 6 to 7", verdict: "some pairs are visible", reasons: [] });
  expect(words(9, 3).verdict).toBe("all pairs are visible");
  expect(words(400, 3).reasons).toEqual(["all of the keys belong to other documents"]);
  expect(words(3, 400).reasons).toEqual([
    "all of the keys come later, and causal attention looks only back",
    "all of the keys belong to other documents",
  ]);
});

test("parts may hide a square together, none of them all of it", () => {
  const split: MaskSpec = { causal: true, prefix: 0, window: { before: 0, after: 0 }, padding: 0, documents: [3] };
  const picture = drawMask(split, 1024);
  const cell = { query: 2, key: 1 };
  expect(describeCell(picture, split, [], cell)).toMatchObject({
    verdict: "all pairs are hidden",
    reasons: [expect.stringMatching(/window/)],
  });
});

test.each<[string, number[] | undefined]>([
  ["4, 9", [4, 9]],
  ["9 4;4", [4, 9]],
  ["", []],
  ["0", undefined],
  ["4, x", undefined],
  ["1.5", undefined],
  ["99999", undefined],
])("starts of documents are read from %j", (text, starts) => {
  expect(readStarts(text)).toEqual(starts);
});
