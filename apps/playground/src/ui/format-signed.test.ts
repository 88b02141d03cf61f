import { expect, test } from "vitest";
import { formatSigned, formatSignedShort } from "./format-signed.js";

test("a change has its sign, and no change has none", () => {
  expect([0.5234, -0.5234, 0].map(formatSigned)).toEqual(["+0.523", "−0.523", "0"]);
});

test("a short change has two decimals, and what rounds to nothing has no sign", () => {
  expect([1.637, -0.034, 0.0009, -0.0009, -123.4].map(formatSignedShort)).toEqual(["+1.64", "−0.03", "0.00", "0.00", "−123"]);
});
