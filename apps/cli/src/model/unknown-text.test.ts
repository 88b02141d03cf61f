import { CharTokenizer, type Tokenizer } from "@tfblocks/text";
import { expect, it } from "vitest";
import { warnAboutUnknownText } from "./unknown-text.js";

const tokenizer = new CharTokenizer({ alphabet: "abc ", unknown: "?" });
const warningOf = (text: string, each: Tokenizer = tokenizer) => warnAboutUnknownText(each, text, each.encode(text));

it("says nothing about known text, capital letters and special tokens", () => {
  expect(warningOf("abc cab")).toBe("");
  expect(warningOf("ab?c")).toBe("");
});

it("shows what the model reads of unknown text, but not a book", () => {
  expect(warningOf("abx")).toBe('warning: the tokenizer does not know all of the text; the model reads "ab"\n');
  expect(warningOf("x")).toBe('warning: the tokenizer does not know all of the text; the model reads ""\n');
  expect(warningOf(`x${"a".repeat(900)}`)).toContain(`${"a".repeat(200)}…"`);
});

it("tells a text that is cut from one with unknown words", () => {
  const cutting: Tokenizer = {
    vocabSize: tokenizer.vocabSize,
    specialIds: tokenizer.specialIds,
    encode: (text) => tokenizer.encode(text).slice(0, 4),
    decode: (ids) => tokenizer.decode(ids),
    tokens: (ids) => tokenizer.tokens(ids),
  };
  expect(warningOf("abcabc", cutting)).toBe("warning: the tokenizer cuts the text to 4 tokens; the model does not read the rest\n");
  expect(warningOf("abc", cutting)).toBe("");
  expect(warningOf("abx", cutting)).toContain("does not know all of the text");
});
