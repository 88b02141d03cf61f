import { expect, test } from "vitest";
import { averageLosses } from "./losses.js";

test("few points are kept, many are averaged in groups that end at their last step", () => {
  const points = [4, 2, 3, 1, 5].map((loss, index) => ({ step: index + 1, loss }));
  expect([...averageLosses(points, 9).losses]).toEqual([4, 2, 3, 1, 5]);
  const { steps, losses } = averageLosses(points, 3);
  expect([...steps]).toEqual([2, 4, 5]);
  expect([...losses]).toEqual([3, 2, 5]);
  expect(averageLosses([], 3).losses).toHaveLength(0);
});
