import { ValueError } from "@tfblocks/tensor-utils";
import { loadTokenizer } from "@tfblocks/text/hugging-face";
import { describe, expect, it } from "vitest";

const wordPiece = {
  version: "1.0",
  added_tokens: [
    { id: 0, content: "[UNK]", special: true },
    { id: 1, content: "[CLS]", special: true },
    { id: 2, content: "[SEP]", special: true },
  ],
  normalizer: { type: "BertNormalizer", clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true },
  pre_tokenizer: { type: "BertPreTokenizer" },
  post_processor: { type: "BertProcessing", sep: ["[SEP]", 2], cls: ["[CLS]", 1] },
  decoder: { type: "WordPiece", prefix: "##", cleanup: true },
  model: {
    type: "WordPiece",
    unk_token: "[UNK]",
    continuing_subword_prefix: "##",
    max_input_chars_per_word: 100,
    vocab: { "[UNK]": 0, "[CLS]": 1, "[SEP]": 2, play: 3, "##ing": 4, "##ed": 5, chess: 9 },
  },
};

const nested = (depth: number): object => (depth === 0 ? { type: "NFC" } : { type: "Sequence", normalizers: [nested(depth - 1)] });
const split = (pattern: object, behavior = "Isolated") => ({ pre_tokenizer: { type: "Split", pattern, behavior, invert: false } });
const token = (fields: object) => ({ added_tokens: [{ id: 0, content: "[UNK]", special: true, ...fields }] });

describe("loadTokenizer", () => {
  it("reads a WordPiece tokenizer with the special tokens of its post-processor", () => {
    const tokenizer = loadTokenizer(wordPiece);
    expect(tokenizer.encode("Playing chess")).toEqual([1, 3, 4, 9, 2]);
    expect(tokenizer.tokens([1, 3, 4])).toEqual(["[CLS]", "play", "##ing"]);
    expect(tokenizer.decode([1, 3, 4, 9, 2])).toBe("[CLS] playing chess [SEP]");
    expect(tokenizer.specialIds).toEqual({ "[UNK]": 0, "[CLS]": 1, "[SEP]": 2 });
    expect(tokenizer.vocabSize).toBe(10);
  });

  it("omits special tokens on request", () => {
    const tokenizer = loadTokenizer(JSON.stringify(wordPiece), { addSpecialTokens: false, skipSpecialTokens: true });
    expect(tokenizer.encode("played")).toEqual([3, 5]);
    expect(tokenizer.decode([1, 3, 5, 2])).toBe("played");
    expect(tokenizer.decode([])).toBe("");
    expect(tokenizer.encode("")).toEqual([]);
  });
});

describe("pairs, truncation and padding of loadTokenizer", () => {
  it("takes a pair of texts, with types and masks", () => {
    const tokenizer = loadTokenizer(wordPiece);
    expect(tokenizer.encode("playing", "chess")).toEqual([1, 3, 4, 2, 9, 2]);
    expect(tokenizer.encoding("playing", "chess")).toEqual({
      ids: [1, 3, 4, 2, 9, 2],
      typeIds: [0, 0, 0, 0, 1, 1],
      attentionMask: [1, 1, 1, 1, 1, 1],
      specialTokensMask: [1, 0, 0, 1, 0, 1],
    });
  });

  it("cuts and fills encodings as options say, or as the file does", () => {
    const truncation = { maxLength: 4, direction: "left" } as const;
    const tokenizer = loadTokenizer(wordPiece, { truncation, padding: { token: "[UNK]", length: 6, direction: "left", typeId: 1 } });
    expect(tokenizer.encode("play chess playing")).toEqual([0, 0, 1, 3, 4, 2]);
    expect(tokenizer.encoding("chess").attentionMask).toEqual([0, 0, 0, 1, 1, 1]);
    expect(tokenizer.encoding("chess").typeIds).toEqual([1, 1, 1, 0, 0, 0]);
    const batch = loadTokenizer(wordPiece, { padding: { token: "[UNK]", multipleOf: 4 } }).encodeBatch(["chess", ["playing", "chess"]]);
    expect(batch.map(({ ids }) => ids.length)).toEqual([8, 8]);
    const file = { ...wordPiece, truncation: { direction: "Right", max_length: 3, strategy: "LongestFirst", stride: 0 } };
    expect(loadTokenizer(file).encode("playing")).toEqual([1, 3, 2]);
    expect(loadTokenizer(file, { truncation: false }).encode("playing")).toEqual([1, 3, 4, 2]);
  });
});

describe("the arguments of loadTokenizer", () => {
  it("rejects invalid files, unknown options and ids without a token", () => {
    expect(() => loadTokenizer("{")).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: loadTokenizer: json must be the content of a tokenizer.json with a model, got "{"]`,
    );
    expect(() => loadTokenizer({ model: null })).toThrow(/json must be the content of a tokenizer\.json with a model, got an object/);
    expect(() => loadTokenizer(wordPiece, { lowercase: true } as never)).toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: loadTokenizer: unknown option "lowercase"; known options: addSpecialTokens, skipSpecialTokens, truncation, padding]`,
    );
    expect(() => loadTokenizer(wordPiece).decode([3, 7])).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: Tokenizer.decode: ids[1] must be the id of a token, 0 to 9, got 7]`,
    );
    expect(() => loadTokenizer(wordPiece).tokens([-1])).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: Tokenizer.tokens: ids[0] must be the id of a token, 0 to 9, got -1]`,
    );
  });

  it("refuses options and texts that it cannot honour", () => {
    const load = (options: object) => () => loadTokenizer(wordPiece, options);
    expect(load({ truncation: { maxLength: 1 } })).toThrow(/truncation must be a length of 2 or more, for the special tokens, got 1/);
    expect(load({ truncation: { maxLength: 4, side: "left" } })).toThrow(/unknown truncation option "side"/);
    expect(load({ truncation: { maxLength: 4, strategy: "first" } })).toThrow(/truncation\.strategy must be one of "longestFirst"/);
    expect(load({ padding: { token: "[PAD]" } })).toThrow(/padding\.token must be a token of the file, got "\[PAD\]"/);
    const onlySecond = loadTokenizer(wordPiece, { truncation: { maxLength: 3, strategy: "onlySecond" } });
    expect(() => onlySecond.encode("playing")).toThrow(/pair must be given, as truncation is "onlySecond"/);
    expect(() => loadTokenizer(wordPiece).encode("a\ud83d")).toThrow(/text must be whole characters, got half of a surrogate pair at 1/);
    expect(() => loadTokenizer(wordPiece).encode(3 as never)).toThrow(/text must be a string, got 3/);
  });
});

describe("the parts of a tokenizer.json", () => {
  it.each<[string, object, RegExp]>([
    ["an unknown normalizer", { normalizer: { type: "__proto__" } }, /normalizer\.type must be one of "BertNormalizer".*, got "__proto__"/],
    ["an unknown field", { decoder: { ...wordPiece.decoder, suffix: "" } }, /decoder\.suffix must be supported, got an unknown field/],
    ["an unknown field of the file", { merges: [] }, /: merges must be supported, got an unknown field/],
    ["an unknown version", { version: "2.0" }, /version must be "1\.0", got "2\.0"/],
    ["an invalid pattern", split({ Regex: "(" }), /pre_tokenizer\.pattern\.Regex .* a group that is not closed/],
    ["a pattern that may never end", split({ Regex: "(a+)+$" }), /pre_tokenizer\.pattern\.Regex .* exponential time/],
    ["an unknown behavior", split({ String: "a" }, "contiguous"), /pre_tokenizer\.behavior must be one of .*, got "contiguous"/],
    ["parts nested too deep", { normalizer: nested(3000) }, /normalizers\[0\] must be supported, got a part nested more than 30 deep/],
    [
      "a boolean that is text",
      { normalizer: { ...wordPiece.normalizer, lowercase: "true" } },
      /normalizer\.lowercase must be a boolean, got "true"/,
    ],
    [
      "a template without tokens",
      { post_processor: { type: "TemplateProcessing", single: [null], pair: [] } },
      /post_processor\.special_tokens must be/,
    ],
    ["an id that is not an integer", token({ id: "x" }), /added_tokens\[0\]\.id must be an integer from 0.*"x/],
    ["an id that a tensor cannot hold", token({ id: 2 ** 53 }), /added_tokens\[0\]\.id must be an integer/],
    ["an id that is not that of the vocabulary", token({ id: 5 }), /added_tokens\[0\]\.id must be 0, its id in the vocabulary, got 5/],
    [
      "two tokens with one id",
      { model: { ...wordPiece.model, vocab: { a: 1, b: 1 } } },
      /vocab\["b"\] must be an id that no other token has/,
    ],
    [
      "a charsmap that is none",
      { normalizer: { type: "Precompiled", precompiled_charsmap: "AAAA" } },
      /precompiled_charsmap must be a trie/,
    ],
    ["scores that are none", { model: { type: "Unigram", unk_id: 0, vocab: [["a"]] } }, /model\.vocab\[0\] must be a token and its score/],
    ["a merge outside the vocabulary", { model: { type: "BPE", vocab: { a: 0 }, merges: ["a b"] } }, /model\.merges\[0\] must be a pair/],
  ])("rejects %s when it loads", (_what, part, message) => {
    const refusal = () => loadTokenizer({ ...wordPiece, ...part });
    expect(refusal).toThrow(ValueError);
    expect(refusal).toThrow(message);
  });
});
