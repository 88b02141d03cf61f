import { ValueError } from "@tfblocks/tensor-utils";
import { describe, expect, it } from "vitest";
import { matchesOf } from "./matches.js";
import { translate } from "./pattern.js";

const found = (pattern: string, text: string) =>
  matchesOf(translate("pattern", pattern), text)
    .filter(({ isMatch }) => isMatch)
    .map(({ start, end }) => text.slice(start, end));

describe("the matches of a translated pattern", () => {
  // Expected: the matches of tokenizers 0.23.3, as Replace(Regex(pattern), …) shows them.
  it.each<[string, string, string[]]>([
    ["x{1,3}+y", "xxxxxxxy", ["xxxxxxxy"]],
    ["a{,2}b", "aaab", ["aab"]],
    ["^a", "a\na\n", ["a", "a"]],
    ["^", "a\n", [""]],
    ["$", "a\n", ["", ""]],
    ["a\\Z", "a\na\n", ["a"]],
    ["\\v+", "a\v\nb", ["\v"]],
    ["(?i)'S", "'s 'S 'ſ", ["'s", "'S", "'ſ"]],
    ["(?i:k)", "K k K", ["K", "k", "K"]],
    ["(?-i:a)", "aA", ["a"]],
    ["a\\hb", "aab", ["aab"]],
    ["[a-z&&[^b]]+", "abc", ["a", "c"]],
    ["[a-c[x-z]&&[b-y]]+", "abcxyz", ["bcxy"]],
    ["[^a[b]]+", "abcd", ["cd"]],
    ["[]a]", "]a", ["]", "a"]],
    ["a++b", "aaab", ["aaab"]],
    ["a++a", "aaa", []],
    ["(?>a+)b", "aab", ["aab"]],
    ["\\bfoo\\b", "foo_bar foo", ["foo"]],
    ["\\w+", "a²b", ["a²b"]],
    ["[\\w]+", "a²b", ["a", "b"]],
    ["(?m:.)", "\n", ["\n"]],
    [".", "\n\r\u2028", ["\r", "\u2028"]],
    ["\\s", "\u0085\ufeff", ["\u0085"]],
    ["\\p{^L}", "1a", ["1"]],
    ["[[:^alpha:]]", "1a", ["1"]],
    ["x*", "abx", ["", "", "x"]],
    ["(?=a)", "aa", ["", ""]],
    ["a{", "a{", ["a{"]],
    ["\\R", "\r\n", ["\r\n"]],
    ["(?<=a|bc)d", "ad bcd", ["d", "d"]],
    ["\\x{41}\\u0041", "AA", ["AA"]],
  ])("%s in %j", (pattern, text, expected) => {
    expect(found(pattern, text)).toEqual(expected);
  });
});

describe("the patterns that translate refuses", () => {
  it.each<[string, RegExp]>([
    ["(a)\\1", /\\1/],
    ["(?<n>a)", /a group that begins with \(\?</],
    ["(?x) a", /a group that begins with \(\?x/],
    ["a\\G", /\\G/],
    ["(?i:ss)", /\(\?i\) over "ss"/],
    ["(?i:é)", /\(\?i\) over "é"/],
    ["(?i:\\p{L})", /\(\?i\) over \\p\{L\}/],
    ["\\p{Cham}", /the property "Cham"/],
    ["\\pL", /\\p without a name/],
    ["a{2}?", /a repetition of a repetition/],
    ["a**", /a repetition of a repetition/],
    ["*a", /a repetition of nothing/],
    ["(", /a group that is not closed/],
    ["[a", /incomplete/],
    ["a)", /a parenthesis that nothing opens/],
    ["[b-a]", /the empty range b-a/],
    ["a{2,1}", /bounds are reversed/],
    ["(".repeat(60) + ")".repeat(60), /more than 50 deep/],
    ["a".repeat(10_001), /more than 10,000 characters/],
  ])("refuses %.30s", (pattern, message) => {
    expect(() => translate("pre_tokenizer.pattern.Regex", pattern)).toThrow(ValueError);
    expect(() => translate("pre_tokenizer.pattern.Regex", pattern)).toThrow(message);
    expect(() => translate("pre_tokenizer.pattern.Regex", pattern)).toThrow(
      /^loadTokenizer: pre_tokenizer\.pattern\.Regex must be supported/,
    );
  });

  it.each([
    "(a+)+$",
    "(a|a)*b",
    "(a|ab)*c",
    "(?:a?){30}a",
    "a*a*a*a*b",
    `${"a?".repeat(20)}b`,
    "(?:a{0,9})+b",
    "a{5000}",
    "(?:(?:a{900}){900}){900}",
  ])("refuses %s, which may take exponential time", (pattern) => {
    expect(() => translate("pattern", pattern)).toThrow(/repetition/);
  });
});
