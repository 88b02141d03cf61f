import { isObject, maxHeaderBytes, quoted } from "./header.js";
import { type Limits, openFile } from "./open-file.js";
import { readExactly, type Stored } from "./read-tensor.js";
import { StoredTensors } from "./reader.js";
import { refuseFile } from "./safetensors-error.js";
import { type ByteSource, checkTotal } from "./sources/byte-source.js";
import { NumberLiteral, parseJson } from "./strict-json.js";

/** The contents of `model.safetensors.index.json`. */
interface ShardIndex {
  /** The file of each tensor. */
  readonly fileOf: ReadonlyMap<string, string>;
  readonly totalBytes: string | undefined;
}

/** Whether a file is an index of shards, by its name. */
export function isIndex(name: string): boolean {
  return name.endsWith(".index.json");
}

/**
 * Opens the shards of one model; closes them all on any error.
 *
 * @param index `model.safetensors.index.json`; closed once it is read
 * @param openShard opens a file of the same folder by its plain name
 */
export async function openShards(
  index: ByteSource,
  openShard: (name: string) => Promise<ByteSource>,
  limits: Limits,
): Promise<StoredTensors> {
  const shardIndex = parseIndex(await takeAll(index, limits));
  const sources: ByteSource[] = [];
  try {
    const stored = new Map<string, Stored>();
    const metadata = new Map<string, string>();
    let rest = limits.maxBytes;
    for (const file of new Set(shardIndex.fileOf.values())) {
      const source = await openShard(file);
      sources.push(source);
      checkTotal(source.size, rest);
      rest -= source.size;
      const shard = await openFile(source, limits);
      for (const [name, value] of shard.header.metadata) metadata.set(name, value);
      take(file, shard.stored, shardIndex.fileOf, stored);
    }
    checkComplete(shardIndex, stored);
    return new StoredTensors(stored, metadata, sources);
  } catch (error) {
    await Promise.all(sources.map((each) => each.close()));
    throw error;
  }
}

async function takeAll(source: ByteSource, { signal }: Limits): Promise<Uint8Array> {
  try {
    if (source.size > maxHeaderBytes) refuseFile("headerSize", "index", `at most ${maxHeaderBytes} bytes`, `${source.size} bytes`);
    return await readExactly(source, 0, source.size, signal);
  } finally {
    await source.close();
  }
}

function parseIndex(bytes: Uint8Array): ShardIndex {
  const index = parseJson("index", bytes);
  const weightMap = isObject(index) ? index.get("weight_map") : undefined;
  if (!isObject(index) || !isObject(weightMap)) return refuseFile("index", "index", "an object with a weight_map", "something else");
  for (const file of weightMap.values()) {
    if (typeof file !== "string" || !isPlainName(file)) {
      refuseFile(
        "index",
        "weight_map",
        "of plain file names in the folder of the index",
        typeof file === "string" ? quoted(file) : "something else",
      );
    }
  }
  const metadata = index.get("metadata");
  const total = isObject(metadata) ? metadata.get("total_size") : undefined;
  return { fileOf: weightMap as ReadonlyMap<string, string>, totalBytes: total instanceof NumberLiteral ? total.text : undefined };
}

/** Whether a name cannot lead out of its folder, on any system and in any address. */
function isPlainName(file: string): boolean {
  return /^[\w][\w .+@=-]*$/.test(file) && !file.includes("..");
}

/** Adds the tensors of a shard, which must be exactly those that the index lists for it. */
function take(file: string, shard: ReadonlyMap<string, Stored>, fileOf: ReadonlyMap<string, string>, stored: Map<string, Stored>): void {
  for (const [name, each] of shard) {
    if (fileOf.get(name) !== file) {
      refuseFile("index", `weight_map of ${quoted(name)}`, quoted(file), quoted(fileOf.get(name) ?? "nothing"));
    }
    stored.set(name, each);
  }
}

function checkComplete({ fileOf, totalBytes }: ShardIndex, stored: ReadonlyMap<string, Stored>): void {
  const missing = [...fileOf].find(([name]) => !stored.has(name));
  if (missing !== undefined) refuseFile("index", `shard ${quoted(missing[1])}`, `one with tensor ${quoted(missing[0])}`, "one without");
  const bytes = [...stored.values()].reduce((sum, { info: { offsets } }) => sum + offsets[1] - offsets[0], 0);
  if (totalBytes !== undefined && totalBytes !== String(bytes)) {
    refuseFile("index", "total_size", `${bytes}, the bytes of all tensors`, totalBytes);
  }
}
