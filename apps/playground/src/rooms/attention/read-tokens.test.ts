import { paddingToken } from "@tfblocks/lesson";
import { expect, test } from "vitest";
import { readTokens } from "./read-tokens.js";
import { defaultSettings } from "./settings.js";

test("self-attention pads the text, cross-attention pads the keys only", () => {
  const settings = { ...defaultSettings, text: "a b", keyText: "c", padding: 1 };
  expect(readTokens(settings)).toEqual({
    ok: true,
    result: { queryTokens: ["a", "b", paddingToken], keyTokens: ["a", "b", paddingToken] },
  });
  expect(readTokens({ ...settings, kind: "cross" })).toEqual({
    ok: true,
    result: { queryTokens: ["a", "b"], keyTokens: ["c", paddingToken] },
  });
});

test.each([
  ["", "Please enter a text with at least one word."],
  ["x".repeat(10_000), "Please enter a text of at most 4000 characters. This one has 10000 characters."],
  ["x ".repeat(300), "Please enter a text of at most 256 tokens. This one has 300 tokens."],
])("a text that cannot be used gives a failure (%#)", (text, sentence) => {
  expect(readTokens({ ...defaultSettings, text })).toEqual({ ok: false, failure: { field: "text", sentence } });
});

test("an empty second text is a failure of the second field", () => {
  expect(readTokens({ ...defaultSettings, kind: "cross", keyText: " " })).toMatchObject({ ok: false, failure: { field: "keyText" } });
});
