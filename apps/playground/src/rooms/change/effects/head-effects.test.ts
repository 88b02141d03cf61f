import { expect, test } from "vitest";
import { type HeadEffect, mostNeeded, nextOrder, sortEffects } from "./head-effects.js";

const effect = (head: number, change: number | null): HeadEffect => ({
  place: { kind: "self", layer: 0, head },
  name: `L0·H${head}`,
  change,
  percentile: null,
  predictedChange: null,
  attribution: null,
  labels: undefined,
});
const effects = [effect(0, 0.1), effect(1, null), effect(2, -2), effect(3, 1.5)];
const namesIn = (order: Parameters<typeof sortEffects>[1]) => sortEffects(effects, order).map(({ name }) => name.slice(3));

test("effects are sorted in both directions, and unknown ones come last", () => {
  expect(namesIn({ by: "change", isDescending: true })).toEqual(["H3", "H0", "H2", "H1"]);
  expect(namesIn({ by: "change", isDescending: false })).toEqual(["H2", "H0", "H3", "H1"]);
  expect(namesIn({ by: "name", isDescending: true })).toEqual(["H3", "H2", "H1", "H0"]);
});

test("a click on a column sorts by it, a second one turns the order", () => {
  const first = nextOrder({ by: "name", isDescending: false }, "change");
  expect([first, nextOrder(first, "change")]).toEqual([
    { by: "change", isDescending: true },
    { by: "change", isDescending: false },
  ]);
  expect(nextOrder(first, "name")).toEqual({ by: "name", isDescending: false });
});

test("the head that is needed most is one that helps", () => {
  expect(mostNeeded(effects)?.name).toBe("L0·H3");
  expect(mostNeeded([effect(0, -1), effect(1, null)])).toBeUndefined();
});
