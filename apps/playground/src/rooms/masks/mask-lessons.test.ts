import { expect, test } from "vitest";
import { maskOf } from "../../reading/mask-of.js";
import type { MaskSpec } from "../../reading/mask-spec.js";
import { costRow } from "./mask-cost.js";
import { maskLessons } from "./mask-lessons.js";

/** How many pairs the mask of a lesson allows. */
async function allowedIn(id: string, length: number): Promise<number> {
  return allowedBy(maskLessons.find((lesson) => lesson.id === id)!.mask(length), length);
}

async function allowedBy(mask: MaskSpec, length: number): Promise<number> {
  return (await costRow(maskOf(mask, length), length, async () => true))!.allowed;
}

test("a causal mask allows n (n + 1) / 2 pairs", async () => {
  expect(await allowedIn("causal", 30)).toBe((30 * 31) / 2);
});

test("a prefix of p tokens allows p (p − 1) / 2 more", async () => {
  expect((await allowedIn("prefix", 30)) - (await allowedIn("causal", 30))).toBe((15 * 14) / 2);
});

test("three documents leave about a third of the causal pairs", async () => {
  expect((await allowedIn("documents", 300)) / (await allowedIn("causal", 300))).toBeCloseTo(1 / 3, 2);
});

test("the window of the lesson hides the first token from the sixth, but shows it to the fourth, which the sixth sees", () => {
  const mask = maskOf(maskLessons.find(({ id }) => id === "window")!.mask(9), 9);
  expect([mask.at(0, 0, 5, 0), mask.at(0, 0, 3, 0), mask.at(0, 0, 5, 3)]).toEqual([false, true, true]);
});

test("padding hides columns, not rows", () => {
  const mask = maskOf(maskLessons.find(({ id }) => id === "padding")!.mask(9), 9);
  expect([mask.at(0, 0, 8, 0), mask.at(0, 0, 0, 8)]).toEqual([true, false]);
});
