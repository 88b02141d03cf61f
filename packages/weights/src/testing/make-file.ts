/** A file from its header, given as text or as a value, and its data, given as bytes or as a number of zeros. */
export function makeFile(header: string | object, data: number | readonly number[] = []): Uint8Array {
  const json = typeof header === "string" ? header : JSON.stringify(header);
  return fileOf(new TextEncoder().encode(json), data);
}

/** A file from the bytes of its header; `length` is the length that the file states. */
export function fileOf(header: Uint8Array, data: number | readonly number[] = [], length: bigint = BigInt(header.length)): Uint8Array {
  const bytes = typeof data === "number" ? new Uint8Array(data) : Uint8Array.from(data);
  const file = new Uint8Array(8 + header.length + bytes.length);
  new DataView(file.buffer).setBigUint64(0, length, true);
  file.set(header, 8);
  file.set(bytes, 8 + header.length);
  return file;
}

/** Decodes base64. */
export function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
