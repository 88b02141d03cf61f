import { expect, test } from "vitest";
import type { EditSpec } from "../reading/edit-spec.js";
import { readEdits, writeEdits } from "./edits-link.js";

const part = "layers.0.attention";
const mask = { causal: true, prefix: 0, window: { before: 2, after: 0 }, padding: 1, documents: [3, 5] };
const ablate = { kind: "ablate", part, heads: [1], by: "zero" } as const;

const edits: EditSpec[] = [
  ablate,
  { kind: "scale", part, heads: [0, 3], factor: -0.5 },
  { kind: "patch", part, heads: [1], positions: [2, 3], from: "<b>another</b> text" },
  { kind: "patch", part, from: "" },
  { kind: "steer", part, toward: "good", away: "bad", strength: 2 },
  { kind: "freeze", part, from: "a" },
  { kind: "mask", mask },
  { kind: "mask", mask: { ...mask, window: null } },
];

test("a link keeps all kinds of edits", () => {
  expect(readEdits(writeEdits(edits))).toEqual(edits);
});

test.each([
  ["no JSON", "{"],
  ["no list", "{}"],
  ["an unknown kind", [{ ...ablate, kind: "burn" }]],
  ["a missing field", [{ kind: "ablate", part, heads: [1] }]],
  ["an unknown field", [{ ...ablate, more: 1 }]],
  ["a prototype", '[{"__proto__":{},"kind":"freeze","part":"a","from":""}]'],
  ["a part that is no dotted name", [{ ...ablate, part: "../x" }]],
  ["a negative head", [{ ...ablate, heads: [-1] }]],
  ["a head that is no number", [{ ...ablate, heads: ["1"] }]],
  ["too many heads", [{ ...ablate, heads: Array.from({ length: 2000 }, () => 0) }]],
  ["a huge factor", [{ kind: "scale", part, heads: [0], factor: 1e300 }]],
  ["a mask with a bad window", [{ kind: "mask", mask: { ...mask, window: { before: 1 } } }]],
  ["too many edits", Array.from({ length: 65 }, () => ablate)],
  ["one bad edit among good ones", [ablate, null]],
])("%s is no list of edits", (_title, value) => {
  expect(readEdits(typeof value === "string" ? value : JSON.stringify(value))).toBeUndefined();
});
