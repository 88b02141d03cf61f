import { describe, expect, it } from "vitest";
import { threefry2x32 } from "./threefry.js";

// Known answers published with Random123 1.14.0 (kat_vectors, threefry2x32).
const ones = 0xffffffff;
const knownAnswers = [
  [13, 0, 0, 0, 0, 0x9d1c5ec6, 0x8bd50731],
  [13, ones, ones, ones, ones, 0xfd36d048, 0x2d17272c],
  [13, 0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3, 0xba3e4725, 0xf27d669e],
  [20, 0, 0, 0, 0, 0x6b200159, 0x99ba4efe],
  [20, ones, ones, ones, ones, 0x1cb996fc, 0xbb002be7],
  [20, 0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3, 0xc4923a9c, 0x483df7a0],
] as const;

describe("threefry2x32", () => {
  it.each(knownAnswers)("gives the published words: %d rounds, key %d %d", (rounds, key0, key1, counter0, counter1, word0, word1) => {
    const out = new Uint32Array(2);
    threefry2x32(out, key0, key1, counter0, counter1, rounds);
    expect([...out]).toEqual([word0, word1]);
  });
});
