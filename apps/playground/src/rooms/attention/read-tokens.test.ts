import { paddingToken } from "@tfblocks/lesson";
import { expect, test } from "vitest";
import { readTokens } from "./read-tokens.js";
import { defaultSettings } from "./settings.js";

test("self-attention pads the one sequence, cross-attention the keys alone", () => {
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
  ["", "Please write a text with at least one word; this is one without."],
  ["x".repeat(10_000), "Please write a text of at most 4000 characters; this is one of 10000 characters."],
  ["x ".repeat(300), "Please write a text of at most 256 tokens; this is one of 300 tokens."],
])("a text that cannot be read gives a sentence (%#)", (text, sentence) => {
  expect(readTokens({ ...defaultSettings, text })).toEqual({ ok: false, failure: { field: "text", sentence } });
});

test("an empty second text is named as the second", () => {
  expect(readTokens({ ...defaultSettings, kind: "cross", keyText: " " })).toMatchObject({ ok: false, failure: { field: "keyText" } });
});
