import { tokenizerCharacters } from "@tfblocks/fixtures/tokenizers";
import { loadTokenizer } from "@tfblocks/text/hugging-face";
import { describe, expect, it } from "vitest";
import { translate } from "./pattern.js";
import { control, ideograph, mark, nonspacingMark, normalForm, numeric, over, punctuation, space, word } from "./unicode.js";

const { sets, patterns } = tokenizerCharacters();
// An engine with an older Unicode knows no character that came later.
const codes = Array.from({ length: 0x110000 }, (_, code) => code).filter((code) => code < 0xd800 || code > 0xdfff);
const assigned = codes.filter((code) => !/\p{Cn}/u.test(String.fromCodePoint(code)));

function differing(expected: Uint8Array, isMember: (character: string) => boolean, of = assigned): string[] {
  const wrong = of.filter((code) => isMember(String.fromCodePoint(code)) !== (expected[code] === 1));
  return wrong.map((code) => code.toString(16));
}

function member(set: string): (character: string) => boolean {
  const pattern = over(`^(?:${set})$`, "v");
  return (character) => pattern.test(character);
}

describe("characters are those of Hugging Face's tokenizers, over all of Unicode", () => {
  it.each([
    ["space", space],
    ["punctuation", punctuation],
    ["numeric", numeric],
    ["word", word],
    ["mark", mark],
    ["chinese", ideograph],
    ["cleaned", `[\\0${control}]`],
  ])("the set %s", (name, set) => {
    expect(differing(sets.get(name)!, member(set))).toEqual([]);
  });

  it("nonspacing marks, of the characters that do not decompose", () => {
    const expected = sets.get("nonspacing")!;
    const plain = assigned.filter((code) => sets.get("changedByNFD")![code] === 0);
    expect(differing(expected, member(nonspacingMark), plain)).toEqual([]);
  });

  it.each(["NFC", "NFD", "NFKC", "NFKD"] as const)("what %s changes", (form) => {
    expect(differing(sets.get(`changedBy${form}`)!, (character) => normalForm(character, form) !== character)).toEqual([]);
  });

  it("marks that NFD puts in order", () => {
    const isReordered = (character: string) => normalForm(`a\u0345${character}`, "NFD") === `a${character}\u0345`;
    expect(differing(sets.get("reordered")!, isReordered)).toEqual([]);
  });

  it.each([...patterns.keys()].filter((pattern) => pattern !== "\\p{Cn}"))("the pattern %s of Oniguruma", (pattern) => {
    const translated = translate("pattern", `\\A(?:${pattern})\\z`);
    const isMember = (character: string) => {
      translated.lastIndex = 0;
      return translated.test(character);
    };
    expect(differing(patterns.get(pattern)!, isMember)).toEqual([]);
  });

  it("the normalizer Nmt", () => {
    const vocab = { "[UNK]": 0 };
    const json = { normalizer: { type: "Nmt" }, model: { type: "WordLevel", unk_token: "[UNK]", vocab: { ...vocab, a: 1, "a ": 2 } } };
    const tokenizer = loadTokenizer(json);
    const idOf = (character: string) => tokenizer.encode(`a${character}`)[0];
    expect(differing(sets.get("nmtRemoved")!, (character) => idOf(character) === 1)).toEqual([]);
    expect(differing(sets.get("nmtSpace")!, (character) => idOf(character) === 2)).toEqual([]);
  });
});
