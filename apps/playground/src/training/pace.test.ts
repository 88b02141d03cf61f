import { expect, test } from "vitest";
import { Pace } from "./pace.js";

test("the pace is that of an ordinary step, whatever one in a frozen tab took", () => {
  const pace = new Pace(25);
  expect(pace.secondsPerStep).toBe(0);
  for (const end of [0, 100, 200, 120_200, 120_300, 120_400]) pace.addStep(end);
  expect(pace.secondsPerStep).toBe(0.1);
});

test("each step has its share of a record, and old steps are forgotten", () => {
  const pace = new Pace(10);
  pace.addStep(0);
  pace.addRecord(5000);
  pace.addStep(5200);
  expect(pace.secondsPerStep).toBe(0.7);
  for (let step = 1; step <= 40; step++) pace.addStep(5200 + 50 * step);
  expect(pace.secondsPerStep).toBe(0.55);
});
