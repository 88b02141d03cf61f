import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { StepPace } from "./step-pace.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("changes of one thing are one step until a pause; another thing, or a rest, is another step", () => {
  const pace = new StepPace();
  expect(["window", "window"].map((what) => pace.isStep(what))).toEqual([true, false]);
  vi.advanceTimersByTime(900);
  expect(pace.isStep("window")).toBe(false);
  vi.advanceTimersByTime(900);
  expect(pace.isStep("window")).toBe(false); // the pause counts from the last change
  vi.advanceTimersByTime(1100);
  expect(pace.isStep("window")).toBe(true);
  expect(["padding", "window"].map((what) => pace.isStep(what))).toEqual([true, true]);
  pace.rest();
  expect(pace.isStep("window")).toBe(true);
});
