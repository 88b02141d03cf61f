import { expect, test } from "vitest";
import { noSteps, reached, redone, stepped, stepsWithout, type Timeline, undone } from "./steps.js";

const start: Timeline = { ...noSteps, now: { text: "a" } };
const one = stepped(start, { text: "a", edits: "1" });
const two = stepped(one, { text: "a", edits: "2", window: "3" });

test("undone and redone are inverse, and change only what the step has changed", () => {
  expect(undone(two)).toEqual({ ...one, redo: [{ edits: "2", window: "3" }] });
  expect(redone(undone(two)!)).toEqual(two);
  expect(undone({ ...two, now: { ...two.now, text: "b" } })!.now).toEqual({ text: "b", edits: "1" });
  expect([undone(start), redone(two)]).toEqual([undefined, undefined]);
});

test("Back over several steps can be made again, as far as they were on the way", () => {
  const { now: _, ...entry } = one;
  const back = reached(two, { ...entry, now: one.now });
  expect(redone(back)).toEqual(two);
  expect(redone(redone(reached(two, start))!)).toEqual(two);
  expect(reached(two, { ...start, now: { text: "a", edits: "other" } }).redo).toEqual([]);
  expect(reached(two, { ...start, now: { text: "typed later" } }).redo).toHaveLength(2);
});

test("the oldest steps are forgotten, and still counted", () => {
  let last = start;
  for (let edit = 0; edit < 60; edit++) last = stepped(last, { text: "a", edits: String(edit) });
  expect([last.undo.length, last.count, last.undo[0]]).toEqual([50, 60, { edits: "9" }]);
});

test("steps without some parameters have no empty step", () => {
  const first = stepped(start, { text: "a", window: "3" });
  const steps = stepsWithout(stepped(first, { text: "a", edits: "1", window: "4" }), (name) => name === "window");
  expect(steps).toEqual({ undo: [{ edits: null }], redo: [], count: 2 });
});
