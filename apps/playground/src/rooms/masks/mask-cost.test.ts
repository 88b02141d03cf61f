import { expect, test } from "vitest";
import { maskOf } from "../../reading/mask-of.js";
import type { MaskSpec } from "../../reading/mask-spec.js";
import { growSpec } from "./grow-spec.js";
import { costOfMask, costRow } from "./mask-cost.js";

const goOn = async () => true;
const open: MaskSpec = { causal: false, prefix: 0, window: null, padding: 0, documents: [] };

test("the pairs of a mask are counted as by visiting each of them", async () => {
  const spec: MaskSpec = { causal: true, prefix: 5, window: { before: 40, after: 3 }, padding: 9, documents: [70, 130] };
  const mask = maskOf(spec, 150);
  let allowed = 0;
  for (let query = 0; query < 150; query++) for (let key = 0; key < 150; key++) allowed += Number(mask.at(0, 0, query, key));
  expect(await costRow(mask, 150, goOn)).toMatchObject({ length: 150, pairs: 150 * 150, allowed });
});

test("a kernel visits the blocks of a causal mask on and below the diagonal", async () => {
  expect(await costRow(maskOf({ ...open, causal: true }, 256), 256, goOn)).toEqual({
    length: 256,
    pairs: 256 * 256,
    allowed: (256 * 257) / 2,
    visited: 10 * 64 * 64,
  });
});

test("the cost of a window grows with the length, that of a causal mask with its square", async () => {
  const port = { step: goOn };
  const window = await costOfMask({ ...open, causal: true, window: { before: 3, after: 0 } }, 10, port);
  expect(window!.rows.map(({ length, allowed }) => [length, allowed])).toEqual([
    [10, 34],
    [64, 250],
    [256, 1018],
    [1024, 4090],
    [4096, 16_378],
    [16_384, 65_530],
  ]);
  const causal = await costOfMask({ ...open, causal: true }, 10, port);
  expect(causal!.rows.at(-1)!.allowed).toBe((16_384 * 16_385) / 2);
});

test("a cancelled count has no result", async () => {
  expect(await costOfMask(open, 10, { step: async () => false })).toBeUndefined();
});

test("an empty text has no pairs", async () => {
  expect(await costRow(maskOf({ ...open, causal: true, padding: 3 }, 0), 0, goOn)).toEqual({ length: 0, pairs: 0, allowed: 0, visited: 0 });
});

test("a longer text has the same window and prefix, the same share of padding and documents of the same lengths", () => {
  const spec: MaskSpec = { causal: true, prefix: 2, window: { before: 3, after: 0 }, padding: 2, documents: [4, 7] };
  expect(growSpec(spec, 10, 25)).toEqual({ ...spec, padding: 5, documents: [0, 4, 7, 10, 14, 17, 20, 24, 27] });
  expect(growSpec(open, 10, 25)).toEqual(open);
});
