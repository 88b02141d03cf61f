/**
 * A printable character for each byte, in which GPT-2 spells its tokens: the byte itself if it is printable, and
 * otherwise a character from U+0100 on. Source: Radford et al. 2019, `bytes_to_unicode` in its code.
 */
export const byteAlphabet: readonly string[] = spellings();

const encoder = new TextEncoder();

/** The UTF-8 bytes of a text as characters of {@link byteAlphabet}. */
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
