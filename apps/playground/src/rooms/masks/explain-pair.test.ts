import { expect, test } from "vitest";
import type { MaskSpec } from "../../reading/mask-spec.js";
import { reasonsOf } from "./explain-pair.js";

const spec: MaskSpec = { causal: true, prefix: 0, window: { before: 3, after: 0 }, padding: 1, documents: [4] };

test("each part that forbids a pair says why", () => {
  expect(reasonsOf(["order", "window", "padding", "documents"], spec, { query: 2, key: 7 })).toEqual([
    "it comes 5 tokens later, and causal attention looks only back",
    "it is 5 tokens away, and the window reaches 0 ahead",
    "it is padding, at which nobody looks",
    "it belongs to another document",
  ]);
  expect(reasonsOf(["order"], spec, { query: 2, key: 3 })).toEqual(["it comes 1 token later, and causal attention looks only back"]);
  expect(reasonsOf(["window"], spec, { query: 5, key: 0 })).toEqual(["it is 5 tokens away, and the window reaches 3 back"]);
});
