import { describe, expect, it } from "vitest";
import { attentionMaps } from "../maps/attention-maps.js";
import { causalMap, hostileTokens, causalMapOf } from "../testing/pictures.js";
import { headMap } from "./head-map.js";
import { displayWidth } from "./text/display-width.js";
import { toText } from "./to-text.js";

const rowTokens = ["The", " cat", " sat", " cat"];

describe("toText", () => {
  it("draws blocks with a legend and marks masked cells", () => {
    expect(toText(causalMap, { rowTokens, title: "L0·H3" })).toMatchInlineSnapshot(`
      "L0·H3
                0 1 2 3
      0 The    ██······
      1 ·cat#1 ▒▒▒▒····
      2 ·sat   ░░░░▒▒··
      3 ·cat#3   ░░▒▒░░
      Rows attend to columns. 0 |  ░░▒▒▓▓██| 1  ·· masked"
    `);
  });

  it("draws numbers", () => {
    expect(toText(causalMap, { rowTokens, numbers: true })).toMatchInlineSnapshot(`
      "            0   1   2   3
      0 The     1.0  ··  ··  ··
      1 ·cat#1  .50 .50  ··  ··
      2 ·sat    .20 .30 .50  ··
      3 ·cat#3  .10 .15 .50 .25
      Rows attend to columns.  ·· masked"
    `);
  });

  it("colours by background only when asked", () => {
    expect(toText(causalMap)).not.toContain("\u001b");
    expect(toText(causalMap, { color: true }).split("\u001b[48;2;")).toHaveLength(1 + 10 + 5);
  });

  it("fits the width and says what it left out", () => {
    const text = toText(causalMapOf(60, 1), { width: 40 });
    for (const line of text.split("\n").slice(0, -2)) expect(displayWidth(line)).toBeLessThanOrEqual(40);
    expect(text).toContain("of 60 columns");
  });

  it("gives a terminal no control character", () => {
    const size = hostileTokens.length;
    const text = toText(causalMapOf(size, 1), { rowTokens: hostileTokens, title: "\u001b[2Jx\n" });
    expect(text.replaceAll("\n", "")).not.toMatch(/\p{Cc}|\p{Cs}|[\u202a-\u202e]/u);
    expect(text.split("\n")).toHaveLength(1 + 2 + size + 1);
  });
});

describe("bad maps", () => {
  it("are refused by name", () => {
    expect(() => toText({ ...causalMap, rows: 3 })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: toText: weights must be 12 numbers for [3, 4], got an array of length 16]`,
    );
    expect(() => toText({ ...causalMap, weights: causalMap.weights, allowed: [1] })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: toText: allowed must be 16 numbers for [4, 4], got an array of length 1]`,
    );
    expect(() => toText({ weights: [2], allowed: null, rows: 1, columns: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: toText: weights[0, 0] must be a number from 0 to 1, got 2]`,
    );
    expect(() => toText(causalMap, { rowTokens: ["a"] })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: toText: rowTokens must be 4 tokens, got 1]`,
    );
    expect(() => toText(causalMap, { widht: 80 } as object)).toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: toText: unknown option "widht"; known options: rowTokens, columnTokens, title, numbers, color, width; did you mean "width"?]`,
    );
  });

  it("are told apart from attention maps and arrays", () => {
    const maps = attentionMaps([1, 0, 0.5, 0.5], [1, 1, 2, 2], { mask: null });
    expect(() => toText(maps as never)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: toText: map must be a map { weights, allowed, rows, columns }, got an object; take one head of attention maps with headMap(maps, head)]`,
    );
    expect(() => toText([[1]] as never)).toThrow("map must be a map { weights, allowed, rows, columns }, got an array of length 1");
    expect(() => toText({ weights: [1], rows: 1, columns: 1 } as never)).toThrow("got undefined; pass null when every cell is allowed");
  });
});

describe("headMap", () => {
  it("copies a head with its mask", () => {
    const weights = [1, 0, 0.5, 0.5, 1, 0, 0.25, 0.75];
    const maps = attentionMaps(weights, [1, 2, 2, 2], { mask: Uint8Array.of(1, 0, 1, 1) });
    expect(headMap(maps, 1)).toEqual({
      weights: Float32Array.of(1, 0, 0.25, 0.75),
      allowed: Uint8Array.of(1, 0, 1, 1),
      rows: 2,
      columns: 2,
    });
    expect(() => headMap(maps, 2)).toThrow("head must be an integer from 0 to 1");
  });
});
