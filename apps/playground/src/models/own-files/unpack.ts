import { refuseModel } from "../explain-failure.js";
import { shownBytes } from "./own-model.js";
import { contentStart, type ZipEntry } from "./zip-entries.js";

/** Above the files of any model that fits into a page. */
export const mostUnpacked: number = 2 ** 32;
/** Weights hardly become smaller; what becomes more than a hundred times smaller is no model. */
const mostTimes = 100;
/** Small archives may be packed as well as they like. */
const harmless = 2 ** 26;
/** Bytes that are in memory while a file is unpacked. */
const blockBytes = 2 ** 24;

/** Told how many bytes are unpacked. @returns false to stop */
type OnProgress = (done: number) => Promise<boolean>;

/**
 * Refuses files that would take more memory than a model, by the sizes that the archive tells.
 *
 * @throws ModelFailure that names the sizes
 */
export function checkUnpacked(entries: readonly ZipEntry[]): void {
  const [size, packed] = [sum(entries.map((entry) => entry.size)), sum(entries.map(({ packedSize }) => packedSize))];
  const becomes = `The zip would become ${shownBytes(size)} of files`;
  if (size > mostUnpacked) refuseModel(`${becomes}, and this page takes at most ${shownBytes(mostUnpacked)}.`);
  const most = Math.max(harmless, mostTimes * packed);
  if (size > most) refuseModel(`${becomes} from ${shownBytes(packed)}. No model does, so it was not unpacked.`);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/**
 * The content of a file in an archive. One that is stored is a part of the archive, without a copy; one that is packed is unpacked
 * block by block, and never beyond the size that the archive tells.
 *
 * @returns undefined when `onProgress` has stopped it
 * @throws ModelFailure when it is locked, packed in another way, or of another size
 */
export async function unpack(zip: Blob, entry: ZipEntry, onProgress: OnProgress): Promise<Blob | undefined> {
  const { path, method, isEncrypted, size, packedSize } = entry;
  if (isEncrypted) refuseModel("The zip is locked by a password. Please unpack it and choose its folder.");
  if (method !== 0 && method !== 8) refuseModel(`${path} is packed in an unusual way. Please unpack the zip and choose its folder.`);
  const start = await contentStart(zip, entry);
  const packed = zip.slice(start, start + packedSize);
  if (method === 8) return inflate(packed, entry, onProgress);
  if (packedSize !== size) refuseModel(wrongSize(entry));
  return (await onProgress(size)) ? packed : undefined;
}

function wrongSize({ path }: ZipEntry): string {
  return `The zip is damaged: ${path} has another size than the zip tells. Please download it again.`;
}

async function inflate(packed: Blob, entry: ZipEntry, onProgress: OnProgress): Promise<Blob | undefined> {
  const reader = packed.stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const blocks = new Blocks();
  try {
    for (let part = await next(reader, entry); part !== undefined; part = await next(reader, entry)) {
      if (blocks.size + part.length > entry.size) refuseModel(wrongSize(entry));
      if (blocks.add(part) && !(await onProgress(blocks.size))) return undefined;
    }
  } finally {
    await reader.cancel().catch(() => {}); // a damaged stream throws again
  }
  if (blocks.size !== entry.size) refuseModel(wrongSize(entry));
  return (await onProgress(entry.size)) ? blocks.toBlob() : undefined;
}

async function next(reader: ReadableStreamDefaultReader<Uint8Array>, { path }: ZipEntry): Promise<Uint8Array | undefined> {
  const { value } = await reader
    .read()
    .catch(() => refuseModel(`The zip is damaged: ${path} cannot be unpacked. Please download it again.`));
  return value;
}

/** Bytes that arrive in parts; the browser keeps all but the last block, on the disk if it likes. */
class Blocks {
  size = 0;
  readonly #blocks: Blob[] = [];
  #parts: Uint8Array[] = [];
  #waiting = 0;

  /** @returns whether a block is full */
  add(part: Uint8Array): boolean {
    this.#parts.push(part);
    this.size += part.length;
    this.#waiting += part.length;
    if (this.#waiting < blockBytes) return false;
    this.#blocks.push(this.#rest());
    return true;
  }

  toBlob(): Blob {
    return new Blob([...this.#blocks, this.#rest()]);
  }

  #rest(): Blob {
    const rest = new Blob(this.#parts as BlobPart[]);
    [this.#parts, this.#waiting] = [[], 0];
    return rest;
  }
}
