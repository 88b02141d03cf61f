/** Bytes as base64, with its padding. */
export function base64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 0x8000) parts.push(String.fromCharCode(...bytes.subarray(at, at + 0x8000)));
  return btoa(parts.join(""));
}

/** The bytes of base64 with its padding; undefined if the text is something else. */
export function readBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  const letters = atob(text);
  return Uint8Array.from({ length: letters.length }, (_, at) => letters.charCodeAt(at));
}

/** 16-bit numbers as base64, in little-endian order on every machine. */
export function base64Of16Bits(numbers: ArrayLike<number>): string {
  const bytes = new Uint8Array(2 * numbers.length);
  for (let index = 0; index < numbers.length; index++) {
    bytes[2 * index] = numbers[index]! & 255;
    bytes[2 * index + 1] = numbers[index]! >> 8;
  }
  return base64(bytes);
}
