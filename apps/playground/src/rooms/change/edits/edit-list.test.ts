import { expect, test } from "vitest";
import type { EditSpec } from "../../../reading/edit-spec.js";
import { moved, replaced, toggleHead } from "./edit-list.js";

const freeze: EditSpec = { kind: "freeze", part: "layers.0.attention", from: "x" };
const off = (part: string, ...heads: number[]): EditSpec => ({ kind: "ablate", part, heads, by: "zero" });

test("heads that are switched off one after the other share an edit, in order", () => {
  const edits = [3, 1].reduce<EditSpec[]>((list, head) => toggleHead(list, "a", head, "zero"), [freeze]);
  expect(edits).toEqual([freeze, off("a", 1, 3)]);
});

test("another attention, another replacement, or an edit in between starts a new edit", () => {
  expect(toggleHead([off("a", 1)], "b", 1, "zero")).toEqual([off("a", 1), off("b", 1)]);
  expect(toggleHead([off("a", 1)], "a", 2, "mean")).toEqual([off("a", 1), { kind: "ablate", part: "a", heads: [2], by: "mean" }]);
  expect(toggleHead([off("a", 1), freeze], "a", 2, "zero")).toEqual([off("a", 1), freeze, off("a", 2)]);
});

test("a head that is off is switched on again wherever it was switched off", () => {
  expect(toggleHead([off("a", 1, 2), freeze, off("a", 2), off("b", 2)], "a", 2, "zero")).toEqual([off("a", 1), freeze, off("b", 2)]);
});

test("an item moves within the list, and is replaced by any number of others", () => {
  expect([moved(["a", "b", "c"], 0, 1), moved(["a", "b", "c"], 2, -2), moved(["a", "b"], 1, 1)]).toEqual([
    ["b", "a", "c"],
    ["c", "a", "b"],
    ["a", "b"],
  ]);
  expect([replaced(["a", "b"], 0, ["x", "y"]), replaced(["a", "b"], 1, [])]).toEqual([["x", "y", "b"], ["a"]]);
});
