import { CharTokenizer, TextStream, type Tokenizer, trainByteLevelBpe } from "@tfblocks/text";
import { loadTokenizer } from "@tfblocks/text/hugging-face";
import fc from "fast-check";
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

  it("rejects an id without a token, and remains usable", () => {
    const stream = new TextStream(CharTokenizer.fromText("ab"));
    expect(() => stream.add(7)).toThrow(/ids\[0\] must be the id of a token, 0 to 1, got 7/);
    expect(stream.add(1)).toBe("b");
  });
});

describe("TextStream with an incomplete character", () => {
  it.each([1, 2, 3])("returns a whole character of which the prompt has %i bytes", async (known) => {
    const tokenizer = await bytes();
    const ids = tokenizer.encode("a🐈b");
    const stream = new TextStream(tokenizer, ids.slice(0, 1 + known));
    expect([...pieces(stream, ids.slice(1 + known)), stream.flush()].join("")).toBe("🐈b");
  });

  it("returns nothing for an incomplete character of the prompt that stays incomplete", async () => {
    const tokenizer = await bytes();
    const [half] = tokenizer.encode("🐈");
    const stream = new TextStream(tokenizer, [half!]);
    expect([stream.add(tokenizer.encode("b")[0]!), stream.flush()]).toEqual(["b", ""]);
  });

  it("gives what it held back when flushed, once", async () => {
    const tokenizer = await bytes();
    const ids = tokenizer.encode("a🐈");
    const stream = new TextStream(tokenizer);
    expect(pieces(stream, ids.slice(0, 3))).toEqual(["a", "", ""]);
    expect([stream.flush(), stream.flush()]).toEqual(["\uFFFD", ""]);
    expect(pieces(stream, ids.slice(3))).toEqual(["", "🐈"]);
  });

  it("continues after a flush amid 200 invalid bytes", async () => {
    const tokenizer = await bytes();
    const [first, second] = tokenizer.encode("é");
    const stream = new TextStream(tokenizer);
    const invalid = [...pieces(stream, Array<number>(200).fill(first!)), stream.flush()].join("");
    expect(invalid).toBe("\uFFFD".repeat(200));
    expect(pieces(stream, [second!, ...tokenizer.encode("a")])).toEqual(["é", "a"]);
  });

  it("holds half a surrogate pair back", () => {
    const halves = new CharTokenizer({ alphabet: ["\uD83D", "\uDC08", "a"] });
    expect(pieces(new TextStream(halves, [2]), [0, 1, 2])).toEqual(["", "🐈", "a"]);
    expect(pieces(new TextStream(halves, [2, 0]), [1, 2])).toEqual(["🐈", "a"]);
  });
});

describe("the ids that TextStream decodes for a token", () => {
  it.each(["valid characters", "invalid bytes"])("are no more after 5,000 tokens than after 10: %s", async (kind) => {
    const tokenizer = await bytes();
    const cat = tokenizer.encode("the cat 🐈 ");
    const part = kind === "invalid bytes" ? cat.slice(8, 9) : cat;
    const counts = decodedIds(
      tokenizer,
      Array.from({ length: 5000 }, (_, at) => part[at % part.length]!),
    );
    expect(Math.max(...counts.slice(100))).toBeLessThanOrEqual(Math.max(...counts.slice(0, 100)));
    expect(Math.max(...counts)).toBeLessThanOrEqual(150);
  });
});

/** How many ids each call of `add` decodes. */
function decodedIds(tokenizer: Tokenizer, ids: readonly number[]): number[] {
  let count = 0;
  const counting: Tokenizer = {
    vocabSize: tokenizer.vocabSize,
    specialIds: tokenizer.specialIds,
    encode: (text) => tokenizer.encode(text),
    tokens: (some) => tokenizer.tokens(some),
    decode(some) {
      count += some.length;
      return tokenizer.decode(some);
    },
  };
  const stream = new TextStream(counting);
  return ids.map((id) => {
    count = 0;
    stream.add(id);
    return count;
  });
}

/** Byte tokens as Rust's `tokenizers` 0.23 decodes them: one invalid byte makes U+FFFD of every byte of its group. */
function strictByteFallback(tokens: readonly string[]): Tokenizer {
  const byteOf = (token: string) => Number.parseInt(/^<0x(..)>$/.exec(token)?.[1] ?? "", 16);
  const group = (values: readonly number[]) => {
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(values));
    } catch {
      return "\uFFFD".repeat(values.length);
    }
  };
  const decode = (ids: ArrayLike<number>) => {
    let [text, values] = ["", [] as number[]];
    for (const token of [...Array.from(ids, (id) => tokens[id]!), ""]) {
      if (byteOf(token) >= 0) values.push(byteOf(token));
      else [text, values] = [text + group(values) + token, []];
    }
    return text;
  };
  return { vocabSize: tokens.length, specialIds: {}, encode: () => [], decode, tokens: (ids) => Array.from(ids, (id) => tokens[id]!) };
}

/** A BPE tokenizer of these tokens, made to decode: it has no merges. */
const withDecoder = (decoder: object, tokens: readonly string[], model: object = {}) =>
  loadTokenizer({
    version: "1.0",
    added_tokens: [{ id: 0, content: "<s>", special: true, single_word: false, lstrip: false, rstrip: false, normalized: false }],
    normalizer: null,
    pre_tokenizer: null,
    post_processor: null,
    decoder,
    model: { type: "BPE", vocab: Object.fromEntries(["<s>", ...tokens].map((token, id) => [token, id])), merges: [], ...model },
  });

const byteTokens = ["20", "41", "C3", "A9", "F0", "9F", "90", "88", "EF", "BB", "BF", "FF"].map((byte) => `<0x${byte}>`);
const words = ["▁", "▁▁", "▁a", "b", "▁c▁", "é", "🐈", "\uFFFD", "."];
const replaceSpace = { type: "Replace", pattern: { String: "▁" }, content: " " };
const strip = { type: "Strip", content: " ", start: 1, stop: 0 };
const byteFallback = [replaceSpace, { type: "ByteFallback" }, { type: "Fuse" }];
const ctc = { type: "CTC", pad_token: "<pad>", word_delimiter_token: "|", cleanup: true };
const wordPieces = ["it", "'", "s", "##s", "##ing", ".", "n", "##'", "do", "not", "n't", "!", "##é"];

const decoders: Record<string, () => Tokenizer | Promise<Tokenizer>> = {
  "ByteLevel, one byte a token": bytes,
  "ByteLevel with merges": async () => loadTokenizer(await trainByteLevelBpe("é🐈🐈é猫 the cat ".repeat(9), { vocabSize: 300 })),
  "Metaspace, as in T5": () => withDecoder({ type: "Metaspace", replacement: "▁", prepend_scheme: "always", split: true }, words),
  "ByteFallback and Strip, as in Llama": () =>
    withDecoder({ type: "Sequence", decoders: [...byteFallback, strip] }, [...words, ...byteTokens]),
  "ByteFallback, as in Gemma": () => withDecoder({ type: "Sequence", decoders: byteFallback }, [...words, ...byteTokens]),
  "ByteFallback of Rust's tokenizers": () => strictByteFallback([...words, ...byteTokens]),
  "Strip of several on both sides": () =>
    withDecoder({ type: "Sequence", decoders: [replaceSpace, { type: "Fuse" }, { ...strip, start: 3, stop: 2 }] }, words),
  "WordPiece, as in BERT": () => withDecoder({ type: "WordPiece", prefix: "##", cleanup: true }, wordPieces),
  "CTC, as in Wav2Vec2": () => withDecoder(ctc, ["<pad>", "|", "a", "b", "'", "s"]),
  "BPEDecoder, as in GPT": () => withDecoder({ type: "BPEDecoder", suffix: "</w>" }, ["a", "b</w>", "c</w>", "é"]),
  characters: () => new CharTokenizer({ alphabet: ["a", "é", "🐈", "\uFFFD", "\uD83D", "\uDC08"], unknown: "?" }),
};

describe("pieces and flush are what decoding all ids adds to the prompt", () => {
  it.each(Object.entries(decoders))("%s", async (name, make) => {
    const tokenizer = await make();
    const special = new Set(Object.values(tokenizer.specialIds));
    const decode = (ids: readonly number[]) => tokenizer.decode(ids.filter((id) => !special.has(id)));
    fc.assert(
      fc.property(idsOf(tokenizer, name), fc.nat(100), (all, cut) => {
        const prompt = all.slice(0, Math.floor((cut / 100) * all.length));
        const stream = new TextStream(tokenizer, prompt);
        const streamed = [...pieces(stream, all.slice(prompt.length)), stream.flush()];
        expect(stream.flush()).toBe("");
        expect(streamed.join("")).toBe(added(decode(prompt), decode(all)));
        if (name !== "characters") expect(streamed.filter((piece) => /\p{Cs}/u.test(piece))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});

/** Lists of ids: any, long runs of one, and neighbours, which here are the bytes of characters. */
function idsOf(tokenizer: Tokenizer, name: string): fc.Arbitrary<number[]> {
  const characters = name.startsWith("ByteLevel") ? tokenizer.encode("a🐈é") : undefined;
  const id = fc.nat(tokenizer.vocabSize - 1);
  const run = fc.tuple(id, fc.nat(90)).map(([each, count]) => Array<number>(count).fill(each));
  const neighbours = id.map(
    (first) => characters ?? Array.from({ length: Math.min(5, tokenizer.vocabSize - first) }, (_, at) => first + at),
  );
  const part = fc.oneof({ weight: 4, arbitrary: id.map((each) => [each]) }, { weight: 3, arbitrary: neighbours }, run);
  return fc.array(part, { maxLength: 40 }).map((parts) => parts.flat());
}

/** What the text of all ids adds to that of the prompt: all after the characters that both start with. */
function added(prompt: string, all: string): string {
  const [before, characters] = [Array.from(prompt), Array.from(all)];
  const differs = characters.findIndex((character, at) => character !== before[at]);
  return differs < 0 ? "" : characters.slice(differs).join("");
}
