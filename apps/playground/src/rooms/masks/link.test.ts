import { expect, test } from "vitest";
import { firstLink, type MasksLink, readLink, writeLink } from "./link.js";
import { presets, sameMask } from "./presets.js";

test("a link restores the mask, the blocks and the pinned pair, and leaves out defaults", () => {
  const state: MasksLink = {
    mask: { causal: false, prefix: 3, window: { before: 4, after: 0 }, padding: 2, documents: [5, 9] },
    block: 16,
    pinned: { query: 3, key: 12 },
  };
  expect(readLink(writeLink(state))).toEqual(state);
  expect(writeLink(firstLink).toString()).toBe("");
  expect(readLink(new URLSearchParams())).toEqual(firstLink);
});

test.each([
  "causal=maybe&prefix=-1&window=4&padding=1.5&documents=a.b&block=5&cell=1-2-3",
  "prefix=99999&window=-1-2&documents=3..4&cell=x-1&block=0",
])("what a link says wrongly takes its default: %s", (text) => {
  expect(readLink(new URLSearchParams(text))).toEqual(firstLink);
});

test("presets differ from each other, and equal themselves after a link", () => {
  for (const a of presets) {
    const mask = a.mask(12);
    expect(presets.filter((b) => sameMask(b.mask(12), mask))).toEqual([a]);
    expect(readLink(writeLink({ ...firstLink, mask })).mask).toEqual(mask);
  }
});

test("presets fit texts of any length", () => {
  for (const { mask } of presets) {
    for (const length of [0, 1, 2, 3]) {
      expect(mask(length).padding).toBeLessThan(Math.max(1, length));
      for (const start of mask(length).documents) expect(start > 0 && start < length).toBe(true);
    }
  }
});
