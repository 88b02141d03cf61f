import { byteLevelBpeFixtures } from "@tfblocks/fixtures";
import { type BpeProgress, trainByteLevelBpe } from "@tfblocks/text";
import { loadTokenizer } from "@tfblocks/text/hugging-face";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

const story = "One day the little engine met another engine. “Où vas-tu?” asked the engine 🚂🚂. 機関車は速い。\n".repeat(40);

describe.each(byteLevelBpeFixtures.map((fixture) => [fixture.name, fixture] as const))("trainByteLevelBpe on %s", (_name, fixture) => {
  const { text, vocabSize, specialTokens, minFrequency, merges, encodings } = fixture;
  const train = () => trainByteLevelBpe(text, { vocabSize, specialTokens, minFrequency });

  it("learns the merges of Hugging Face's trainer", async () => {
    expect((await train()).model.merges).toEqual(merges);
  });

  it("has the ids of Hugging Face's tokenizer", async () => {
    const tokenizer = loadTokenizer(await train());
    expect(encodings.map(({ text: probe }) => tokenizer.encode(probe))).toEqual(encodings.map(({ ids }) => ids));
  });
});

describe("a tokenizer of trainByteLevelBpe", () => {
  it("round-trips any text", async () => {
    const tokenizer = loadTokenizer(await trainByteLevelBpe(story, { vocabSize: 400, specialTokens: ["<|endoftext|>"] }));
    const text = fc.oneof(fc.string({ unit: "grapheme" }), fc.string({ unit: "binary" }), fc.constantFrom(story, "🚂\u0000\r\n\ufeff  "));
    fc.assert(
      fc.property(text, (each) => {
        expect(tokenizer.decode(tokenizer.encode(each))).toBe(each);
      }),
    );
  });

  it("round-trips through a file", async () => {
    const json = await trainByteLevelBpe(story, { vocabSize: 320, specialTokens: ["<|endoftext|>"] });
    const [before, after] = [loadTokenizer(json), loadTokenizer(JSON.stringify(json))];
    expect(after.encode(story)).toEqual(before.encode(story));
    expect(after.vocabSize).toBe(320);
    expect(after.specialIds).toEqual({ "<|endoftext|>": 0 });
    expect(after.encode("<|endoftext|>")).toEqual([0]);
  });

  it("never encodes bytes as a special token with the same spelling", async () => {
    const text = " the the the the";
    const json = await trainByteLevelBpe(text, { vocabSize: 300, specialTokens: ["\u0120the"] }); // U+0120 is the spelling of a space
    const tokenizer = loadTokenizer(json);
    expect(tokenizer.encode(text)).not.toContain(0);
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
  });
});

describe("trainByteLevelBpe and its texts", () => {
  it("accepts a stream of texts, and never joins words of two texts", async () => {
    async function* texts() {
      for (const text of ["ab ab", "ab", "cd"]) yield text;
    }
    const options = { vocabSize: 260, minFrequency: 1 };
    expect((await trainByteLevelBpe(texts(), options)).model.merges).toEqual(["a b", "c d", "Ġ ab"]);
    expect((await trainByteLevelBpe(["ab ab", "ab", "cd"], options)).model.merges).toEqual(["a b", "c d", "Ġ ab"]);
  });

  it("learns nothing from special tokens in the text", async () => {
    const json = await trainByteLevelBpe("<end>x<end>y<end>".repeat(9), { vocabSize: 300, specialTokens: ["<end>"] });
    expect(json.model.merges).toEqual([]);
  });

  it("stops when no pair is frequent enough, and accepts an empty text", async () => {
    expect((await trainByteLevelBpe("abc", { vocabSize: 300 })).model.merges).toEqual([]);
    expect(Object.keys((await trainByteLevelBpe([], { vocabSize: 300 })).model.vocab)).toHaveLength(256);
  });
});

describe("trainByteLevelBpe and its options", () => {
  it("reports progress, does not block the event loop, and can be aborted", async () => {
    const large = Array.from({ length: 40_000 }, (_, at) => `w${(at * 7919) % 30_011}x${at % 97}`).join(" ");
    const [seen, controller]: [BpeProgress[], AbortController] = [[], new AbortController()];
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    await trainByteLevelBpe(large, { vocabSize: 600, onProgress: (progress) => void seen.push(progress) });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(1);
    expect(seen.at(-1)).toEqual({ tokens: 600, vocabSize: 600 });
    const training = trainByteLevelBpe(large, {
      vocabSize: 5000,
      signal: controller.signal,
      onProgress: () => controller.abort(new Error("enough")),
    });
    await expect(training).rejects.toThrow("enough");
  });

  it("rejects invalid and unknown options", async () => {
    const message = (options: object) => trainByteLevelBpe("", options as never).catch((error: unknown) => (error as Error).message);
    const all = [{}, { vocabSize: 255 }, { vocabSize: 256, specialTokens: ["<a>"] }, { vocabSize: 300, specialTokens: ["<a>", "<a>"] }];
    const more = [
      { vocabSize: 300, specialTokens: ["a"] },
      { vocabSize: 300, minFrequency: 0 },
      { vocabSize: 300, seed: 1 },
    ];
    expect(await Promise.all([...all, ...more].map(message))).toMatchInlineSnapshot(`
      [
        "trainByteLevelBpe: vocabSize must be an integer from 256 to 67108864, got undefined",
        "trainByteLevelBpe: vocabSize must be an integer from 256 to 67108864, got 255",
        "trainByteLevelBpe: vocabSize must be an integer from 257 to 67108864, got 256",
        "trainByteLevelBpe: specialTokens must be distinct strings with at least two characters, got "<a>"",
        "trainByteLevelBpe: specialTokens must be distinct strings with at least two characters, got "a"",
        "trainByteLevelBpe: minFrequency must be an integer >= 1, got 0",
        "trainByteLevelBpe: unknown option "seed"; known options: vocabSize, specialTokens, minFrequency, onProgress, signal",
      ]
    `);
  });
});
