/** A number and its size in a record. */
type Field = readonly [bytes: 2 | 4, value: number];

const utf8 = new TextEncoder();
const firstOfJanuary1980 = 0x21;
const namesInUtf8 = 0x0800;

/** A zip archive of files without compression, which would hardly reduce the size of weights. */
export function zip(files: Readonly<Record<string, string | Uint8Array>>): Blob {
  const entries: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  for (const [path, file] of Object.entries(files)) {
    const name = utf8.encode(path);
    const content = typeof file === "string" ? utf8.encode(file) : file;
    const header = commonHeader(name, content);
    directory.push(record([4, 0x02014b50], [2, 20], ...header, [2, 0], [2, 0], [2, 0], [4, 0], [4, sizeOf(entries)]), name);
    entries.push(record([4, 0x04034b50], ...header), name, content);
  }
  const count = directory.length / 2;
  const end = record([4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, sizeOf(directory)], [4, sizeOf(entries)], [2, 0]);
  return new Blob([...entries, ...directory, end] as BlobPart[], { type: "application/zip" });
}

/** The fields that an entry and its record in the directory share. */
function commonHeader(name: Uint8Array, content: Uint8Array): Field[] {
  const [version, stored, time, extra] = [20, 0, 0, 0];
  const sizes: Field[] = [
    [4, content.length],
    [4, content.length],
    [2, name.length],
    [2, extra],
  ];
  return [[2, version], [2, namesInUtf8], [2, stored], [2, time], [2, firstOfJanuary1980], [4, crc32(content)], ...sizes];
}

/** The bytes of the numbers in sequence, little-endian. */
function record(...fields: readonly Field[]): Uint8Array {
  return Uint8Array.from(fields.flatMap(([bytes, value]) => Array.from({ length: bytes }, (_, byte) => (value >>> (8 * byte)) & 0xff)));
}

function sizeOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}

/** The CRC-32 checksum of zip and PNG, computed bit by bit. */
export function crc32(bytes: Uint8Array): number {
  let rest = 0xffffffff;
  for (const byte of bytes) {
    rest ^= byte;
    for (let bit = 0; bit < 8; bit++) rest = (rest >>> 1) ^ (rest & 1 ? 0xedb88320 : 0);
  }
  return ~rest >>> 0;
}
