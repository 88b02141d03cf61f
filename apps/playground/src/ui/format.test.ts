import { expect, test } from "vitest";
import { formatNumber, visibleToken } from "./format.js";

test.each([
  [0, "0"],
  [0.123456, "0.123"],
  [-1.005, "−1.00"],
  [0.00001234, "1.23e−5"],
  [123456, "1.23e+5"],
  [999.4, "999"],
  [999.9, "1000"],
  [-1200, "−1200"],
  [99999, "99999"],
  [-Infinity, "−∞"],
  [1, "1.00"],
])("%d is formatted as %s", (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

test("spaces and line breaks are shown as marks", () => {
  expect(visibleToken(" cat")).toBe("·cat");
  expect(visibleToken("\n\t")).toBe("↵⇥");
  expect(visibleToken("")).toBe("∅");
});

test("invisible characters and those that change the text direction are shown as code points", () => {
  expect(visibleToken("a\u202Eb")).toBe("aU+202Eb");
  expect(visibleToken("naïve")).toBe("naïve");
  expect(visibleToken("<img>")).toBe("<img>");
});
