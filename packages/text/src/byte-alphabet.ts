/**
 * A printable character for each byte, as GPT-2 spells tokens: itself where it is printable, else one from U+0100 on.
 * Source: Radford et al. 2019, `bytes_to_unicode` of its code.
 */
export const byteAlphabet: readonly string[] = spellings();

const encoder = new TextEncoder();

/** A text's UTF-8 bytes in that alphabet. */
export function spelledBytes(text: string): string[] {
  return Array.from(encoder.encode(text), (byte) => byteAlphabet[byte]!);
}

function spellings(): string[] {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isPrintable(byte) ? byte : next++));
}

function isPrintable(byte: number): boolean {
  return (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
}
