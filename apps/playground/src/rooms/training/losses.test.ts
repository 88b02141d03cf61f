import { expect, test } from "vitest";
import { thinned } from "./losses.js";

test("few points stay, many become means of stretches that end at their last step", () => {
  const points = [4, 2, 3, 1, 5].map((loss, index) => ({ step: index + 1, loss }));
  expect([...thinned(points, 9).losses]).toEqual([4, 2, 3, 1, 5]);
  const { steps, losses } = thinned(points, 3);
  expect([...steps]).toEqual([2, 4, 5]);
  expect([...losses]).toEqual([3, 2, 5]);
  expect(thinned([], 3).losses).toHaveLength(0);
});
