import { expect, test } from "vitest";
import { largestComponents } from "./attribution-bars.js";

test("small parts share one bar, so that the bars still sum to the logit", () => {
  const components = [1, -5, 0.5, 3, -0.25].map((value, index) => ({ name: String(index), place: null, value }));
  const bars = largestComponents(components, 2);
  expect(bars.map(({ value }) => value)).toEqual([-5, 3, 1.25]);
  expect(bars[2]!.name).toBe("3 other parts");
  expect(largestComponents(components, 4)[4]!.name).toBe("1 other part");
  expect(largestComponents(components, 5)).toHaveLength(5);
});
