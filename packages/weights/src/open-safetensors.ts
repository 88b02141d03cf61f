import { checkNumber, checkOptions, describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";
import { type Limits, openOne } from "./open-file.js";
import { isIndex, openShards } from "./open-shards.js";
import type { SafetensorsReader } from "./reader.js";
import { refuseFile } from "./safetensors-error.js";
import { blobSource, type ByteSource, memorySource } from "./sources/byte-source.js";
import { urlSource } from "./sources/url-source.js";

/**
 * Where weights come from: bytes, a `File` or `Blob`, an address, several `File`s one of which is the index of the others, or
 * a {@link ByteSource}. An address that ends in `.index.json` opens the shards beside it.
 */
export type SafetensorsSource = ArrayBuffer | Uint8Array | Blob | string | URL | ByteSource | readonly File[];

/** Options of {@link openSafetensors}. */
export interface OpenOptions {
  /** The largest size in bytes of the file, or of all shards together; default 2^32, the size of a WASM heap. */
  readonly maxBytes?: number | undefined;
  /** Rejects with the signal's reason as soon as it aborts. Reads take their own signal. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens weights in the safetensors format and checks their header strictly; no tensor is read yet.
 *
 * An address is read by ranges, so that only the requested tensors are downloaded. If the server ignores ranges, the whole file
 * is read as a stream. The address must be https, or http on localhost.
 *
 * Format: https://github.com/huggingface/safetensors#format
 *
 * @param source bytes in memory are borrowed until the reader is closed
 * @returns the reader; close it when done
 * @throws SafetensorsError whose `kind` names the rule that is broken
 * @throws ValueError when the source is of an unknown kind or an option is unknown
 */
export async function openSafetensors(source: SafetensorsSource, options: OpenOptions = {}): Promise<SafetensorsReader> {
  const limits = checkLimits("openSafetensors", options);
  limits.signal?.throwIfAborted();
  if (isFiles(source)) return openFiles(source, limits);
  if (typeof source === "string" || source instanceof URL) return openUrl(toUrl(source), limits);
  return openOne(toSource(source), limits);
}

function isFiles(source: SafetensorsSource): source is readonly File[] {
  return Array.isArray(source);
}

/** Options with their defaults. @throws ValueError when one is unknown or not a number */
export function checkLimits(operation: string, options: OpenOptions): Limits {
  const { maxBytes = 2 ** 32, signal } = checkOptions(operation, options, { maxBytes: true, signal: true });
  checkNumber(operation, "maxBytes", "a number >= 0", maxBytes, (value) => value >= 0);
  return { maxBytes, signal };
}

async function openUrl(url: URL, limits: Limits): Promise<SafetensorsReader> {
  const open = (address: URL) => urlSource(address, limits.maxBytes, limits.signal);
  const source = await open(url);
  return isIndex(url.pathname) ? openShards(source, (name) => open(besides(url, name)), limits) : openOne(source, limits);
}

/** The address of a file in the same folder, with the same query. */
function besides(url: URL, name: string): URL {
  const sibling = new URL(encodeURIComponent(name), url);
  sibling.search = url.search;
  return sibling;
}

async function openFiles(files: readonly File[], limits: Limits): Promise<SafetensorsReader> {
  const index = files.find(({ name }) => isIndex(name));
  if (index === undefined && files.length === 1) return openOne(blobSource(files[0]!), limits);
  if (index === undefined) return refuseFile("index", "files", "one file, or shards with their .index.json", `${files.length} files`);
  const find = async (name: string) => {
    const file = files.find((each) => each.name === name);
    return file === undefined
      ? refuseFile("source", "files", `with ${name}, which the index names`, "no file of that name")
      : blobSource(file);
  };
  return openShards(blobSource(index), find, limits);
}

function toUrl(source: string | URL): URL {
  const base = (globalThis as { location?: { href: string } }).location?.href;
  if (URL.canParse(String(source), base)) return new URL(source, base);
  return refuse(ValueError, "openSafetensors", "source", "an address", describeValue(source), "for a path, use @tfblocks/weights/node");
}

function toSource(source: ArrayBuffer | Uint8Array | Blob | ByteSource): ByteSource {
  if (source instanceof ArrayBuffer) return memorySource(new Uint8Array(source));
  if (source instanceof Uint8Array) return memorySource(source);
  if (source instanceof Blob) return blobSource(source);
  if (typeof source === "object" && source !== null && typeof source.read === "function") return source;
  return refuse(ValueError, "openSafetensors", "source", "bytes, a File or Blob, an address or a ByteSource", describeValue(source));
}
