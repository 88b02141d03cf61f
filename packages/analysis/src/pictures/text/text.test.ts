import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clip, displayWidth } from "./display-width.js";
import { threeDigits, weightText } from "./numbers.js";
import { clipLabel, tokenLabels, visibleToken } from "./visible-token.js";

const anyText = fc.string({ unit: "binary", maxLength: 12 });

describe("tokens", () => {
  it.each([
    [" cat", "·cat"],
    ["\n\t", "↵⇥"],
    ["", "∅"],
    ["\0", "␀"],
    ["\ud800", "\ufffd"],
    ["\u202eevil", "\ufffdevil"],
    ["\u0301", "◌\u0301"],
    ["\u200d", "\ufffd"],
    ["👨‍👩‍👧", "👨‍👩‍👧"],
  ])("%j is shown as %j", (token, shown) => expect(visibleToken(token)).toBe(shown));

  it("have an index where they would be alike", () => {
    expect(tokenLabels(["the", "cat", "the"])).toEqual(["the#0", "cat", "the#2"]);
  });

  it("never contain a control character, a lone surrogate or a direction override", () => {
    fc.assert(
      fc.property(anyText, (token) => {
        expect(visibleToken(token).replaceAll("\u200d", "")).not.toMatch(/[\p{Cc}\p{Cs}\p{Cf}]/u);
      }),
    );
  });

  it("are cut between characters", () => {
    expect(clipLabel("abcdef", 4)).toBe("abc…");
    expect(clipLabel("😀😀😀😀", 3)).toBe("😀😀…");
  });
});

describe("widths", () => {
  it("count wide characters twice and marks not at all", () => expect(["日本", "e\u0301", "ab"].map(displayWidth)).toEqual([4, 1, 2]));

  it("are kept by a cut text", () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 12 }), (text, width) => {
        expect(displayWidth(clip(text, width))).toBeLessThanOrEqual(width);
      }),
    );
    expect([clip("abcdef", 4), clip("日本語", 4), clip("abcd", 4)]).toEqual(["abc…", "日…", "abcd"]);
  });
});

describe("numbers", () => {
  it("have three digits", () => {
    expect([0, 0.12, -1.5, 12_345, 1e-7, 2.5e8, null].map(threeDigits)).toEqual(["0", "0.120", "−1.50", "12345", "1.00e−7", "2.50e8", "–"]);
    expect([0, 0.42, 0.9999, 1].map(weightText)).toEqual([".000", ".420", "1.00", "1.00"]);
  });
});
