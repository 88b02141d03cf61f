import { expect, test } from "vitest";
import type { AttentionStack } from "../../../models/model-info.js";
import type { EditSpec } from "../../../reading/edit-spec.js";
import { draftFrom, editsFrom, emptyDraft } from "./edit-draft.js";

const stacks: readonly AttentionStack[] = [
  { kind: "encoder", heads: 2, parts: ["encoder.layers.0.attention"] },
  { kind: "cross", heads: 2, parts: ["decoder.layers.0.crossAttention"] },
];
const part = "decoder.layers.0.crossAttention";
const start = emptyDraft(stacks);

const edits: readonly EditSpec[] = [
  { kind: "ablate", part, heads: [0, 1], by: "mean" },
  { kind: "scale", part, heads: [1], factor: 0.25 },
  { kind: "patch", part, heads: [1], from: "x y" },
  { kind: "patch", part, heads: [1], positions: [2, 3, 4], from: "x y" },
  { kind: "patch", part: "encoder.layers.0", positions: [0], from: "x y" },
  { kind: "steer", part: "encoder.layers.0", toward: "x", away: "y", strength: -3 },
  { kind: "freeze", part, from: "x y" },
];

test.each(edits)("the form changes %j back into the same edit", (edit) => {
  expect(editsFrom(draftFrom(edit, stacks)!, stacks)).toEqual({ ok: true, result: [edit] });
});

test("heads of several attentions become an edit for each, in the order of the model", () => {
  const heads = [
    { kind: "cross", layer: 0, head: 1 },
    { kind: "encoder", layer: 0, head: 1 },
    { kind: "encoder", layer: 0, head: 0 },
  ] as const;
  expect(editsFrom({ ...start, heads }, stacks)).toEqual({
    ok: true,
    result: [
      { kind: "ablate", part: "encoder.layers.0.attention", heads: [0, 1], by: "zero" },
      { kind: "ablate", part, heads: [1], by: "zero" },
    ],
  });
});

test.each([
  [start, "heads"],
  [{ ...start, kind: "freeze", from: "  " }, "from"],
  [{ ...start, kind: "patch", patched: "layer" }, "from"],
  [{ ...start, kind: "steer" }, "toward"],
  [{ ...start, kind: "steer", toward: "a" }, "away"],
  [{ ...start, kind: "steer", toward: "a", away: "a" }, "away"],
] as const)("what is missing is said at its field", (draft, field) => {
  const outcome = editsFrom(draft, stacks);
  expect(outcome.ok ? undefined : outcome.failure).toMatchObject({ field, sentence: expect.stringMatching(/\.$/) });
});

test("a mask has no form here", () => {
  expect(draftFrom({ kind: "mask", mask: { causal: true, prefix: 0, window: null, padding: 0, documents: [] } }, stacks)).toBeUndefined();
});
