import { modelPartNames } from "../../models/model-info.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readLink, writeLink } from "./link.js";
import { defaultSettings } from "./settings.js";
import { defaultView, drawnStages } from "./view.js";

const settings = fc.record({
  kind: fc.constantFrom("self" as const, "cross" as const),
  text: fc.string(),
  keyText: fc.string({ unit: "grapheme" }),
  order: fc.constantFrom("all" as const, "causal" as const, "prefix" as const),
  prefix: fc.nat(255),
  window: fc.boolean(),
  left: fc.nat(255),
  right: fc.nat(255),
  padding: fc.nat(16),
  hidePadding: fc.boolean(),
  heads: fc.integer({ min: 1, max: 16 }),
  dModel: fc.integer({ min: 1, max: 256 }),
  seed: fc.nat(999_999),
  model: fc.stringMatching(/^[\w-]{0,64}$/),
  part: fc.constantFrom(...modelPartNames),
  layer: fc.nat(127),
});
const view = fc.record({
  head: fc.nat(63),
  stage: fc.constantFrom(...drawnStages),
  range: fc.constantFrom("one" as const, "root" as const, "largest" as const),
  ramp: fc.constantFrom("blues" as const, "viridis" as const),
  pinned: fc.option(fc.record({ query: fc.nat(255), key: fc.nat(255) }), { nil: undefined }),
});

test("reading a link restores the settings and view it was written from", () => {
  fc.assert(
    fc.property(settings, view, (someSettings, someView) => {
      const text = writeLink({ settings: someSettings, view: someView }).toString();
      expect(readLink(new URLSearchParams(text))).toEqual({ settings: someSettings, view: someView });
    }),
  );
});

test("a link of the defaults holds only the version", () => {
  expect(writeLink({ settings: defaultSettings, view: defaultView }).toString()).toBe("v=1");
});

test.each([
  "",
  "v=2&heads=8",
  "v=1&heads=-3&dModel=x&order=up&pin=<b>&stage=__proto__",
  "v=1&seed=1e99&left=NaN&window=maybe",
  "v=1&model=../x&layer=-1&part=all",
  "v=1&heads=64&dModel=1024&seed=&prefix=",
])("values that are unknown or out of range are read as the defaults: %s", (text) => {
  expect(readLink(new URLSearchParams(text)).settings).toEqual(defaultSettings);
  expect(readLink(new URLSearchParams(text)).view).toMatchObject({ head: 0, stage: "probabilities", ramp: "blues" });
});
