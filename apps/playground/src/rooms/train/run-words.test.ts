import { expect, test } from "vitest";
import { signal } from "@preact/signals";
import type { RunState } from "./run-state.js";
import { duration, headNoun, progressWords } from "./run-words.js";

test("durations are rounded to what a reader cares about", () => {
  expect([0.2, 59.4, 60, 200, 3900].map(duration)).toEqual(["1 s", "59 s", "1 min", "3 min 20 s", "1 h 5 min"]);
});

test("labels become nouns", () => {
  expect(["induction", "previous token", "local window", "broad"].map(headNoun)).toEqual([
    "an induction head",
    "a previous-token head",
    "a local-window head",
    "a broad head",
  ]);
});

test("the progress names the time left once a step has been measured", () => {
  const run = { step: 30, run: signal({ settings: { steps: 40 } }), secondsPerStep: signal(0) };
  expect(progressWords(run as unknown as RunState)).toBe("step 30 of 40");
  run.secondsPerStep.value = 0.5;
  expect(progressWords(run as unknown as RunState)).toBe("step 30 of 40, 5 s left");
});
