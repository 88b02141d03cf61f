import { expect, test } from "vitest";
import { loadTokenizer } from "./hugging-face.js";
import { tokenText } from "./token-text.js";
import { trainByteLevelBpe } from "./train-byte-level-bpe.js";

test("byte-level tokens have their space, and a part of a character is spelled as in the vocabulary", async () => {
  const tokenizer = loadTokenizer(await trainByteLevelBpe("the cat sat on the mat the cat", { vocabSize: 270 }));
  const texts = (text: string) => tokenizer.encode(text).map((id) => tokenText(tokenizer, id));
  expect(texts("the cat").join("")).toBe("the cat");
  expect(texts(" the")[0]).toMatch(/^ /);
  expect(texts("é")).toEqual(["Ã", "©"]);
  expect(() => tokenText(tokenizer, 9999)).toThrow("Tokenizer.tokens: ids[0] must be the id of a token");
});

test("marks of spaces become spaces, and pieces inside a word keep their mark", () => {
  const vocab = { "[UNK]": 0, play: 1, "##ing": 2 };
  const wordPiece = loadTokenizer({
    model: { type: "WordPiece", unk_token: "[UNK]", continuing_subword_prefix: "##", max_input_chars_per_word: 100, vocab },
    pre_tokenizer: { type: "WhitespaceSplit" },
    decoder: { type: "WordPiece", prefix: "##", cleanup: false },
  });
  expect(wordPiece.encode("playing").map((id) => tokenText(wordPiece, id))).toEqual(["play", "##ing"]);
  const metaspace = { type: "Metaspace", replacement: "▁", prepend_scheme: "always", split: true };
  const unigram = loadTokenizer({
    model: {
      type: "Unigram",
      unk_id: 0,
      vocab: [
        ["<unk>", 0],
        ["▁a", -1],
        ["b", -2],
        ["▁", -3],
      ],
    },
    pre_tokenizer: metaspace,
    decoder: metaspace,
  });
  expect(unigram.encode("ab a").map((id) => tokenText(unigram, id))).toEqual([" a", "b", " a"]);
});
