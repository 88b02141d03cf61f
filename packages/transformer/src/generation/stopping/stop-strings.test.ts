import { stopStringFixtures } from "@tfblocks/fixtures/generation";
import { describe, expect, it } from "vitest";
import { stopStrings } from "../../generate.js";

const { tokens, cases } = stopStringFixtures;
const tokenizer = { decode: (ids: readonly number[]) => new TextDecoder().decode(Uint8Array.from(ids.flatMap((id) => tokens[id]!))) };

/** Adjacent byte tokens as the ByteFallback decoder of Hugging Face reads them: as UTF-8, or U+FFFD for every byte. */
function decodeGroup(ids: readonly number[]): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(ids));
  } catch {
    return "\uFFFD".repeat(ids.length);
  }
}

describe("stopStrings", () => {
  it("ends each row of the fixture with the token at which transformers ends it", () => {
    expect(cases.filter(({ stopsAt }) => stopsAt !== null).length).toBeGreaterThan(30);
    for (const { strings, ids, promptLength, stopsAt } of cases) {
      const ends = stopStrings({ strings, tokenizer });
      const lengths = ids.map((_, at) => at + 1).filter((length) => length > promptLength);
      const first = lengths.find((length) => ends({ ids: ids.slice(0, length), promptLength, row: 0 }));
      expect({ strings, ids, first: first ?? null }).toEqual({ strings, ids, first: stopsAt });
    }
  });

  // The tokens at which StopStringCriteria of transformers 5.23 ends rows of these tokens, one for each byte.
  it.each<[string, number, string, number | null]>([
    ["a\n🐈.\n", 2, "\n", 8], // not at the cat, after a line break of the prompt
    ["ตัวอย่าง", 3, "ง", 24],
    ["한국어 한국", 6, "한국", 16],
    ["你好。你好。", 9, "。", 18],
    ["你好，世界。再见", 9, "。", 18],
    ["你好，世界。再见", 18, "。", null],
  ])("ends a row of byte tokens as transformers does: %j after %i at %j", (text, promptLength, string, stopsAt) => {
    const ids = [...new TextEncoder().encode(text)];
    const ends = stopStrings({ strings: [string], tokenizer: { decode: decodeGroup } });
    const lengths = ids.map((_, at) => at + 1).filter((length) => length > promptLength);
    const first = lengths.find((length) => ends({ ids: ids.slice(0, length), promptLength, row: 0 }));
    expect(first ?? null).toBe(stopsAt);
  });

  it("decodes only the end of a long row", () => {
    let longest = 0;
    const counting = { decode: (ids: readonly number[]) => ((longest = Math.max(longest, ids.length)), "") };
    stopStrings({ strings: ["END"], tokenizer: counting })({ ids: Array<number>(5000).fill(1), promptLength: 1, row: 0 });
    expect(longest).toBeLessThan(20);
  });

  it("refuses strings that are missing or empty, and what is no tokenizer", () => {
    expect(() => stopStrings({ strings: [], tokenizer })).toThrow(
      "stopStrings: strings must be an array with at least one string, got an array of length 0",
    );
    expect(() => stopStrings({ strings: ["a", ""], tokenizer })).toThrow(
      'stopStrings: strings[1] must be a string that is not empty, got ""',
    );
    expect(() => stopStrings({ strings: "END" as never, tokenizer })).toThrow(
      'strings must be an array with at least one string, got "END"',
    );
    expect(() => stopStrings({ strings: ["a"], tokenizer: {} as never })).toThrow(
      "tokenizer must be an object with a decode method, got an object",
    );
  });
});
