import type { ModelId } from "../model-id.js";
import type { OwnModel } from "./own-model.js";

/** Enough of a file to tell it from others: the header of weights names their sizes. */
const compared = 2 ** 16;

/** Files that are not part of what a model is: some have them, some do not. */
const leftOut = "generation_config.json";

/**
 * The id of a model of the reader. The same files have the same one, in a folder of any name, alone or in a zip, so that a link
 * leads to them when they are picked again.
 *
 * @param type the `model_type` of the config
 */
export async function ownId(files: OwnModel["files"], type: string): Promise<ModelId> {
  let hash = 0x811c9dc5;
  for (const [name, file] of [...files].filter(([each]) => each !== leftOut).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    hash = fnv1a(hash, new TextEncoder().encode(`${name} ${file.size} `));
    hash = fnv1a(hash, new Uint8Array(await file.slice(0, compared).arrayBuffer()));
    hash = fnv1a(hash, new Uint8Array(await file.slice(-compared).arrayBuffer()));
  }
  return `own-${type}-${hash.toString(16).padStart(8, "0")}`;
}

/** The 32-bit FNV-1a hash, continued. */
function fnv1a(start: number, bytes: Uint8Array): number {
  let hash = start;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}
