import { integers } from "./inputs.mjs";

/** Tokens that a context of llama.cpp holds. */
export const contextSize = 1024;

/** The tokens from this one on are letters in a GGUF file of the bench. */
export const firstLetter = 132;
const firstCodePoint = 0x2_0000;

export const letterOf = (token) => String.fromCodePoint(firstCodePoint + token);

/** Tokens that have letters. */
export function tokensOf(seed, count, vocabSize) {
  return integers(seed, count, vocabSize - firstLetter).map((token) => token + firstLetter);
}

/** The token after those that are cached. */
export const nextToken = 300;
