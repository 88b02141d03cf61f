import * as masks from "@tfblocks/masks";
import { expect, test } from "vitest";
import { buildMask } from "./build-mask.js";
import { maskCode } from "./mask-code.js";
import { type AttentionSettings, defaultSettings } from "./settings.js";

const cases: readonly Partial<AttentionSettings>[] = [
  { order: "causal" },
  { order: "prefix", prefix: 2 },
  { window: true, left: 1, right: 0 },
  { padding: 3 },
  { order: "causal", window: true, left: 2, right: 2, padding: 1 },
];

test.each(cases)("the code shown builds the same mask: %o", (change) => {
  const settings = { ...defaultSettings, ...change };
  // oxlint-disable-next-line typescript/no-implied-eval -- the shown code must run
  const shown = new Function("masks", `return ${maskCode(settings, 8)}`)(masks) as masks.Mask;
  expect(shown.toJSON()).toEqual(buildMask(settings, 8)?.toJSON());
});

test("there is no mask without rules, and unmasked padding is not a rule", () => {
  expect(buildMask(defaultSettings, 8)).toBeUndefined();
  expect(buildMask({ ...defaultSettings, padding: 3, hidePadding: false }, 8)).toBeUndefined();
  expect(maskCode(defaultSettings, 8)).toBeUndefined();
});
