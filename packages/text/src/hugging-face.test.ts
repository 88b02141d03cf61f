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

describe("loadTokenizer and its arguments", () => {
  it("rejects invalid files, unknown options and ids without a token", () => {
    expect(() => loadTokenizer("{")).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: loadTokenizer: json must be the content of a tokenizer.json with a model, got "{"]`,
    );
    expect(() => loadTokenizer({ model: null })).toThrow(/json must be the content of a tokenizer\.json with a model, got an object/);
    expect(() => loadTokenizer(wordPiece, { lowercase: true } as never)).toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: loadTokenizer: unknown option "lowercase"; known options: addSpecialTokens, skipSpecialTokens]`,
    );
    expect(() => loadTokenizer(wordPiece).decode([3, 7])).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: Tokenizer.decode: ids[1] must be the id of a token, 0 to 9, got 7]`,
    );
    expect(() => loadTokenizer(wordPiece).tokens([-1])).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: Tokenizer.tokens: ids[0] must be the id of a token, 0 to 9, got -1]`,
    );
  });

  it.each<[string, object, RegExp]>([
    [
      "an unknown normalizer",
      { normalizer: { type: "__proto__" } },
      /a readable tokenizer.json, got content that fails with ".*Unknown Normalizer/,
    ],
    ["an invalid pattern", { pre_tokenizer: { type: "Split", pattern: { Regex: "(" }, behavior: "Isolated" } }, /Unterminated group/],
    [
      "a template that fails at the first text",
      { post_processor: { type: "TemplateProcessing", single: [null], pair: [] } },
      /'in' operator/,
    ],
    [
      "an id that is not an integer",
      { added_tokens: [{ id: "x", content: "[UNK]", special: true }] },
      /token id must be an integer from 0.*"x/,
    ],
    [
      "an id that a tensor cannot hold",
      { added_tokens: [{ id: 2 ** 53, content: "[UNK]", special: true }] },
      /token id must be an integer/,
    ],
  ])("rejects %s when it loads", (_what, part, message) => {
    const refusal = () => loadTokenizer({ ...wordPiece, ...part });
    expect(refusal).toThrow(ValueError);
    expect(refusal).toThrow(message);
  });
});
