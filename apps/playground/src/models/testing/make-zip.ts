/** A file of a zip, with the lies that a test tells about it. */
export interface ZipFile {
  readonly content: string | Uint8Array;
  readonly packed?: boolean;
  readonly method?: number;
  readonly isEncrypted?: boolean;
  /** What the zip says instead of the true sizes. */
  readonly size?: number;
  readonly packedSize?: number;
  /** Whether the sizes are in an extra field of 64 bits, as some programs write them. */
  readonly large?: boolean;
}

/** A zip archive, which may lie; other programs write true ones. */
export async function makeZip(files: readonly (readonly [path: string, file: ZipFile])[], comment = ""): Promise<Blob> {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  for (const [path, file] of files) {
    const name = new TextEncoder().encode(path);
    const content = typeof file.content === "string" ? new TextEncoder().encode(file.content) : file.content;
    const bytes = file.packed ? await deflated(content) : content;
    const method = file.method ?? (file.packed ? 8 : 0);
    const [size, packedSize] = [file.size ?? content.length, file.packedSize ?? bytes.length];
    const at = sizeOf(parts);
    const extra = file.large ? record([2, 1], [2, 24], [8, size], [8, packedSize], [8, at]) : new Uint8Array();
    const sizes = file.large ? [0xffffffff, 0xffffffff] : [packedSize, size];
    const common = [
      [2, 20],
      [2, file.isEncrypted ? 1 : 0],
      [2, method],
      [4, 0],
      [4, 0],
      [4, sizes[0]!],
      [4, sizes[1]!],
      [2, name.length],
    ] as const;
    parts.push(record([4, 0x04034b50], ...common, [2, 0]), name, bytes);
    const place = file.large ? 0xffffffff : at;
    directory.push(record([4, 0x02014b50], [2, 20], ...common, [2, extra.length], [8, 0], [2, 0], [4, place]), name, extra);
  }
  const end = record(
    [4, 0x06054b50],
    [4, 0],
    [2, files.length],
    [2, files.length],
    [4, sizeOf(directory)],
    [4, sizeOf(parts)],
    [2, comment.length],
  );
  return new Blob([...parts, ...directory, end, comment] as BlobPart[]);
}

async function deflated(content: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([content as BlobPart]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** The bytes of numbers, little-endian. */
function record(...fields: readonly (readonly [bytes: number, value: number])[]): Uint8Array {
  const byteOf = (value: number, byte: number): number => Math.floor(value / 256 ** byte) % 256;
  return Uint8Array.from(fields.flatMap(([bytes, value]) => Array.from({ length: bytes }, (_, byte) => byteOf(value, byte))));
}

function sizeOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}
