import { expect, test } from "vitest";
import { clip, displayWidth, padLeft, padRight, printable } from "./display-width.js";

test("East Asian characters and emoji are two columns wide, combining marks and colour codes none", () => {
  expect(["abc", "猫が", "👍", "e\u0301", "\u001b[1mbold\u001b[22m"].map(displayWidth)).toEqual([3, 4, 2, 1, 4]);
});

test("padding and clipping count columns, not characters", () => {
  expect([padRight("猫", 4), padLeft("猫", 4)]).toEqual(["猫  ", "  猫"]);
  expect([clip("attention", 5), clip("猫が好き", 5), clip("short", 5)]).toEqual(["atte…", "猫が…", "short"]);
});

test("control characters are replaced", () => {
  expect(printable("a\u001b[31m\u202eb")).toBe("a\ufffd[31m\ufffdb");
});
