import type { Precision } from "./group-size.js";

/**
 * Codes from the words in which MLX stores them: along the inputs, the first code in the lowest bits.
 *
 * @param words `[..., inFeatures · bits / 32]`
 * @returns `[..., inFeatures]`
 */
export function unpackWords(words: Uint32Array, bits: Precision["bits"]): Uint8Array {
  const bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
  if (bits === 8) return bytes.slice();
  const codes = new Uint8Array(2 * bytes.length);
  for (let at = 0; at < bytes.length; at++) {
    codes[2 * at] = bytes[at]! & 15;
    codes[2 * at + 1] = bytes[at]! >> 4;
  }
  return codes;
}

/** The inverse of {@link unpackWords}. @param codes `[..., inFeatures]`, each from 0 to 2^bits - 1 */
export function packWords(codes: Uint8Array, bits: Precision["bits"]): Uint32Array {
  const bytes = bits === 8 ? codes.slice() : new Uint8Array(codes.length / 2);
  if (bits === 4) for (let at = 0; at < bytes.length; at++) bytes[at] = codes[2 * at]! | (codes[2 * at + 1]! << 4);
  return new Uint32Array(bytes.buffer);
}
