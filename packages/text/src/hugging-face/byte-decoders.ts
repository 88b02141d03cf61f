import { byteAlphabet } from "../byte-alphabet.js";

const byteOf: ReadonlyMap<string, number> = new Map(byteAlphabet.map((character, byte) => [character, byte]));
const encoder = new TextEncoder();
const lossy = new TextDecoder("utf-8", { ignoreBOM: true });
const strict = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });

/** The text of tokens in the alphabet of bytes; a token with other characters stands for itself. */
export function byteLevelText(tokens: readonly string[]): string {
  const bytes = tokens.flatMap((token) => {
    const spelled = Array.from(token, (character) => byteOf.get(character));
    return spelled.every((byte) => byte !== undefined) ? spelled : Array.from(encoder.encode(token));
  });
  return lossy.decode(Uint8Array.from(bytes));
}

const byteToken = /^<0x([0-9a-fA-F]{2}|\+[0-9a-fA-F])>$/; // Rust's parser takes a sign

/** Runs of tokens such as "<0xE4>" as text; where they are not UTF-8, a replacement character for each. */
export function withBytes(tokens: readonly string[]): string[] {
  const result: string[] = [];
  let bytes: number[] = [];
  const flush = () => {
    if (bytes.length > 0) result.push(...textOf(bytes));
    bytes = [];
  };
  for (const token of tokens) {
    const digits = byteToken.exec(token)?.[1];
    if (digits === undefined) {
      flush();
      result.push(token);
    } else bytes.push(Number.parseInt(digits, 16));
  }
  flush();
  return result;
}

function textOf(bytes: readonly number[]): string[] {
  try {
    return [strict.decode(Uint8Array.from(bytes))];
  } catch {
    return bytes.map(() => "\ufffd");
  }
}
