import { CharTokenizer, TextStream, trainByteLevelBpe } from "@tfblocks/text";
import { loadTokenizer } from "@tfblocks/text/hugging-face";
import { describe, expect, it } from "vitest";

const bytes = async () => loadTokenizer(await trainByteLevelBpe("a cat", { vocabSize: 257, specialTokens: ["<end>"] }));
const pieces = (stream: TextStream, ids: readonly number[]) => ids.map((id) => stream.add(id));

describe("TextStream", () => {
  it("returns a character when all of its bytes have arrived", async () => {
    const tokenizer = await bytes();
    expect(pieces(new TextStream(tokenizer), tokenizer.encode("a 🐈é"))).toEqual(["a", " ", "", "", "", "🐈", "", "é"]);
  });

  it("returns the text after the prompt, and none for special tokens", async () => {
    const tokenizer = await bytes();
    const stream = new TextStream(tokenizer, tokenizer.encode("the cat"));
    expect(pieces(stream, [...tokenizer.encode(" sat"), tokenizer.specialIds["<end>"]!])).toEqual([" ", "s", "a", "t", ""]);
  });

  it("returns a replacement character for invalid bytes once a character follows", async () => {
    const tokenizer = await bytes();
    const [half] = tokenizer.encode("🐈");
    expect(pieces(new TextStream(tokenizer), [half!, ...tokenizer.encode("b")])).toEqual(["", "\uFFFDb"]);
  });

  it("rejects an id without a token", () => {
    expect(() => new TextStream(CharTokenizer.fromText("ab")).add(7)).toThrow(/ids\[0\] must be the id of a token, 0 to 1, got 7/);
  });
});
