import { expect, it } from "vitest";
import { packWords, unpackWords } from "./mlx-words.js";

it.each([4, 8] as const)("codes of %i bits stand in words from the lowest bits on, and come back", (bits) => {
  const words = Uint32Array.from({ length: 8 }, (_, at) => (0x9e3779b9 * (at + 1)) >>> 0);
  const perWord = 32 / bits;
  const codes = Array.from(
    { length: 8 * perWord },
    (_, at) => (words[Math.floor(at / perWord)]! >>> (bits * (at % perWord))) & (2 ** bits - 1),
  );
  expect([...unpackWords(words, bits)]).toEqual(codes);
  expect([...unpackWords(words.subarray(3), bits)]).toEqual(codes.slice(3 * perWord));
  expect(packWords(Uint8Array.from(codes), bits)).toEqual(words);
});
