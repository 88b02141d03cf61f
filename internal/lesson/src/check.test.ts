import { expect, test } from "vitest";
import { checkAbove, checkAtMost, checkEqual, skippedCheck } from "./check.js";

test("a check fails above its limit and for NaN", () => {
  expect(checkAtMost("difference", 1e-5).status).toBe("ok");
  expect(checkAtMost("difference", 1.1e-5)).toMatchObject({ status: "failed", measured: 1.1e-5, expected: "at most 1e-5" });
  expect(checkAtMost("difference", NaN).status).toBe("failed");
  expect(checkAbove("diversity", 0, 0).status).toBe("failed");
  expect(checkAbove("diversity", NaN, 0).status).toBe("failed");
});

test("shapes are compared size by size", () => {
  expect(checkEqual("shape", [1, 2], [1, 2])).toMatchObject({ status: "ok", measured: "[1, 2]" });
  expect(checkEqual("shape", [1, 2], [1, 3])).toMatchObject({ status: "failed", expected: "[1, 3]" });
});

test("a skipped check has a reason", () => {
  expect(skippedCheck("leak", "a single token has no later token")).toEqual({
    name: "leak",
    status: "skipped",
    measured: null,
    expected: "a single token has no later token",
  });
});
