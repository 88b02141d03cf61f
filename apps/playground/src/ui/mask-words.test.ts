import { expect, test } from "vitest";
import type { MaskSpec } from "../reading/mask-spec.js";
import { maskWords } from "./mask-words.js";

const open: MaskSpec = { causal: false, prefix: 0, window: null, padding: 0, documents: [] };
const causal: MaskSpec = { ...open, causal: true };

test.each<[MaskSpec, string]>([
  [open, "both directions"],
  [{ ...open, prefix: 4 }, "both directions"],
  [causal, "causal"],
  [{ ...causal, prefix: 4 }, "causal, prefix of 4"],
  [{ ...causal, window: { before: 3, after: 0 } }, "causal, window of 3 back"],
  [{ ...open, window: { before: 2, after: 1 } }, "both directions, window of 2 back and 1 ahead"],
  [{ ...open, window: { before: 0, after: 1 }, padding: 2 }, "both directions, window of 1 ahead, padding of 2"],
  [{ ...causal, window: { before: 0, after: 0 } }, "causal, each token alone"],
  [{ ...causal, padding: 1, documents: [3, 5] }, "causal, padding of 1, 3 documents"],
])("%j is said in words", (mask, words) => {
  expect(maskWords(mask)).toBe(words);
});
