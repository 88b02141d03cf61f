import { refuseModel } from "../explain-failure.js";

/** A file in a zip archive, as the directory of the archive describes it. */
export interface ZipEntry {
  readonly path: string;
  /** 0 for stored, 8 for deflated. */
  readonly method: number;
  readonly isEncrypted: boolean;
  readonly packedSize: number;
  readonly size: number;
  /** Where the header of the file begins. */
  readonly at: number;
}

const endSize = 22;
const longestComment = 0xffff;
/** Far above the directory of any model; each file takes about 100 bytes. */
const longestDirectory = 2 ** 22;
const damaged = "The zip is damaged or incomplete. Please download it again.";

/** Whether a file begins as a zip archive. */
export async function isZip(file: Blob): Promise<boolean> {
  const start = await bytesOf(file, 0, 4);
  return start.byteLength === 4 && [0x04034b50, 0x06054b50].includes(start.getUint32(0, true));
}

/**
 * The files that the directory of an archive lists; nothing is unpacked. Format: APPNOTE.TXT of PKWARE, sections 4.3 and 4.5.3
 *
 * @throws ModelFailure when there is no directory, or it is damaged
 */
export async function zipEntries(zip: Blob): Promise<ZipEntry[]> {
  const { count, size, at } = await directoryPlace(zip);
  if (size > longestDirectory || at + size > zip.size) refuseModel(damaged);
  const directory = await bytesOf(zip, at, at + size);
  const entries: ZipEntry[] = [];
  for (let offset = 0; entries.length < count;) {
    const { entry, next } = readEntry(directory, offset);
    entries.push(entry);
    offset = next;
  }
  return entries;
}

/** Finds the record at the end of an archive, which a comment may follow. */
async function directoryPlace(zip: Blob): Promise<{ count: number; size: number; at: number }> {
  const start = Math.max(0, zip.size - endSize - longestComment);
  const tail = await bytesOf(zip, start, zip.size);
  for (let offset = tail.byteLength - endSize; offset >= 0; offset--) {
    if (tail.getUint32(offset, true) !== 0x06054b50) continue;
    const count = tail.getUint16(offset + 10, true);
    return { count, size: tail.getUint32(offset + 12, true), at: tail.getUint32(offset + 16, true) };
  }
  return refuseModel(damaged);
}

function readEntry(directory: DataView, offset: number): { readonly entry: ZipEntry; readonly next: number } {
  if (offset + 46 > directory.byteLength || directory.getUint32(offset, true) !== 0x02014b50) refuseModel(damaged);
  const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) => directory.getUint16(offset + field, true)) as [
    number,
    number,
    number,
  ];
  const name = offset + 46;
  const next = name + nameLength + extraLength + commentLength;
  if (next > directory.byteLength) refuseModel(damaged);
  const sizes = [24, 20, 42].map((field) => directory.getUint32(offset + field, true));
  const [size, packedSize, at] = withLargeSizes(sizes, viewOf(directory, name + nameLength, extraLength)) as [number, number, number];
  const flags = directory.getUint16(offset + 8, true);
  const path = new TextDecoder().decode(viewOf(directory, name, nameLength));
  const method = directory.getUint16(offset + 10, true);
  return { entry: { path, method, isEncrypted: (flags & 1) !== 0, size, packedSize, at }, next };
}

/** The sizes that do not fit 32 bits are in an extra field, in the same order. */
function withLargeSizes(sizes: readonly number[], extra: DataView): number[] {
  const large = extraField(extra, 1);
  let offset = 0;
  return sizes.map((size) => {
    if (size !== 0xffffffff || large === undefined) return size;
    if (offset + 8 > large.byteLength) refuseModel(damaged);
    const value = Number(large.getBigUint64(offset, true));
    offset += 8;
    return value;
  });
}

function extraField(extra: DataView, id: number): DataView | undefined {
  for (let offset = 0; offset + 4 <= extra.byteLength;) {
    const length = extra.getUint16(offset + 2, true);
    if (offset + 4 + length > extra.byteLength) return undefined;
    if (extra.getUint16(offset, true) === id) return viewOf(extra, offset + 4, length);
    offset += 4 + length;
  }
  return undefined;
}

function viewOf({ buffer, byteOffset }: DataView, offset: number, length: number): DataView {
  return new DataView(buffer, byteOffset + offset, length);
}

/** @throws ModelFailure when the file cannot be read */
async function bytesOf(file: Blob, begin: number, end: number): Promise<DataView> {
  const bytes = await file
    .slice(begin, end)
    .arrayBuffer()
    .catch(() => refuseModel("The file cannot be read. It may have been moved or changed: please choose it again."));
  return new DataView(bytes);
}

/** Where the content of a file in an archive begins. @throws ModelFailure when its header is not there */
export async function contentStart(zip: Blob, { at, packedSize }: ZipEntry): Promise<number> {
  const header = await bytesOf(zip, at, at + 30);
  if (header.byteLength < 30 || header.getUint32(0, true) !== 0x04034b50) refuseModel(damaged);
  const start = at + 30 + header.getUint16(26, true) + header.getUint16(28, true);
  return start + packedSize <= zip.size ? start : refuseModel(damaged);
}
