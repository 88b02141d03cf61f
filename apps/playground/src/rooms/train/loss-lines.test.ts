import { signal } from "@preact/signals";
import { expect, test } from "vitest";
import { averageLosses, labelMarks, overfitSince } from "./loss-lines.js";
import type { RunState } from "./run-state.js";

test("few points are kept, many are averaged in groups that end at their last step", () => {
  const points = [4, 2, 3, 1, 5].map((loss, index) => ({ step: index + 1, loss }));
  expect([...averageLosses(points, 9).losses]).toEqual([4, 2, 3, 1, 5]);
  const { steps, losses } = averageLosses(points, 3);
  expect([...steps]).toEqual([2, 4, 5]);
  expect([...losses]).toEqual([3, 2, 5]);
  expect(averageLosses([], 3).losses).toHaveLength(0);
});

test("a model learns by heart once the held-out loss has risen while the training loss is below its lowest", () => {
  const records = [4, 3, 2.9, 3.4].map((heldOutLoss, index) => ({ step: 10 * index, heldOutLoss }));
  const after = (loss: number) => [{ step: 30, loss }];
  expect(overfitSince(after(1), records)).toBe(20);
  expect(overfitSince(after(3.3), records)).toBeUndefined();
  expect(overfitSince(after(1), records.slice(0, 3))).toBeUndefined();
  expect(overfitSince([], [])).toBeUndefined();
});

test("a mark names its run if there are several", () => {
  const runOf = (seed: number): RunState => {
    const events = [{ step: 20 * (seed + 1), place: { kind: "self", layer: 1, head: seed }, label: "induction", lostAt: undefined }];
    return { run: signal({ title: "Copy", settings: { seed } }), events: signal(events) } as unknown as RunState;
  };
  expect(labelMarks([runOf(0)])).toEqual([{ x: 20, text: "step 20: L1·H0 became an induction head" }]);
  expect(labelMarks([runOf(0), runOf(1)]).map(({ text }) => text)).toEqual([
    "Copy, seed 0, step 20: L1·H0 became an induction head",
    "Copy, seed 1, step 40: L1·H1 became an induction head",
  ]);
});
