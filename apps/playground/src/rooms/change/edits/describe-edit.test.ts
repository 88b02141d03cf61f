import { expect, test } from "vitest";
import type { AttentionStack } from "../../../models/model-info.js";
import type { EditSpec } from "../../../reading/edit-spec.js";
import { describeEdit, listed, rangesOf } from "./describe-edit.js";

const decoder: readonly AttentionStack[] = [{ kind: "self", heads: 4, parts: ["layers.0.attention", "layers.1.attention"] }];
const translator: readonly AttentionStack[] = [
  { kind: "encoder", heads: 2, parts: ["encoder.layers.0.attention"] },
  { kind: "decoder", heads: 2, parts: ["decoder.layers.0.attention"] },
  { kind: "cross", heads: 2, parts: ["decoder.layers.0.crossAttention"] },
];

const part = "layers.1.attention";
const cases: readonly (readonly [EditSpec, string])[] = [
  [{ kind: "ablate", part, heads: [3], by: "zero" }, "L1·H3 switched off (replaced by zero)"],
  [{ kind: "ablate", part, heads: [0, 2, 3], by: "mean" }, "L1·H0, L1·H2 and L1·H3 switched off (replaced by the mean over this text)"],
  [{ kind: "ablate", part, heads: [0, 1, 2, 3], by: "zero" }, "All heads of L1 switched off (replaced by zero)"],
  [{ kind: "scale", part, heads: [0], factor: 0.4 }, "L1·H0 turned to 40 %"],
  [{ kind: "patch", part, heads: [0, 1], from: "a b" }, "L1·H0 and L1·H1 taken from the text “a b”"],
  [
    { kind: "patch", part: "layers.1", positions: [2, 3, 4, 7], from: "a b" },
    "The stream after L1 taken from the text “a b” at positions 2 to 4 and 7",
  ],
  [{ kind: "patch", part: "layers.1", positions: [0], from: "x" }, "The stream after L1 taken from the text “x” at position 0"],
  [
    { kind: "steer", part: "layers.0", toward: "good", away: "bad", strength: -2 },
    "After L0 pushed toward “good” and away from “bad”, strength −2.00",
  ],
  [{ kind: "freeze", part, from: "a b" }, "Attention of L1 frozen to that of the text “a b”"],
  [
    { kind: "mask", mask: { causal: true, prefix: 0, window: { before: 3, after: 0 }, padding: 0, documents: [] } },
    "Mask in every layer: causal, window of 3 back",
  ],
];

test.each(cases)("%j is said in words", (edit, sentence) => {
  expect(describeEdit(edit, decoder)).toBe(sentence);
});

test("the stacks of an encoder-decoder are named", () => {
  const off = (name: string) => describeEdit({ kind: "ablate", part: name, heads: [1], by: "zero" }, translator);
  expect(off("encoder.layers.0.attention")).toBe("encoder L0·H1 switched off (replaced by zero)");
  expect(off("decoder.layers.0.crossAttention")).toBe("cross L0·H1 switched off (replaced by zero)");
});

test("a part that the model does not have keeps its name, and a long text is cut", () => {
  const sentence = describeEdit({ kind: "freeze", part: "layers.9.attention", from: "x".repeat(60) }, decoder);
  expect(sentence).toBe(`Attention of layers.9.attention frozen to that of the text “${"x".repeat(40)}…”`);
});

test("lists and ranges read as in a sentence", () => {
  expect([listed([]), listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])]).toEqual(["", "a", "a and b", "a, b and c"]);
  expect(rangesOf([5, 1, 2, 2, 3])).toEqual([
    [1, 3],
    [5, 5],
  ]);
});
