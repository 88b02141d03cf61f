import { expect, test } from "vitest";
import type { EditSpec } from "../../../reading/edit-spec.js";
import { ablatedSet } from "./ablated-set.js";

const off = (part: string, heads: readonly number[], by: "zero" | "mean" = "zero"): EditSpec => ({ kind: "ablate", part, heads, by });

test("the heads of all edits that switch heads off are one set, each once", () => {
  expect(ablatedSet([off("a", [1, 2]), off("b", [0]), off("a", [2])])).toEqual({
    heads: [
      { attention: "a", head: 1 },
      { attention: "a", head: 2 },
      { attention: "b", head: 0 },
    ],
    by: "zero",
  });
});

test.each<[string, readonly EditSpec[]]>([
  ["no edit", []],
  ["another edit beside", [off("a", [1]), { kind: "freeze", part: "a", from: "x" }]],
  ["heads that are switched off in two ways", [off("a", [1]), off("a", [2], "mean")]],
  ["a whole part", [off("feedForward", [])]],
])("%s is no such set", (_what, edits) => {
  expect(ablatedSet(edits)).toBeUndefined();
});
