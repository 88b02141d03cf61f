import type { Tensor } from "@tensorflow/tfjs-core";
import type { CachedKeysValues } from "@tfblocks/attention";
import { hold } from "@tfblocks/tensor-utils";

/** Caches the keys and values that one layer projects from the memory, so that a decoder projects it once, not for every token. */
export class MemoryCache {
  #stored: { readonly memory: Tensor["dataId"]; readonly keysValues: CachedKeysValues } | undefined;

  /** The keys and values of a memory, projected if they are not cached. The cache owns the result. */
  get(memory: Tensor, project: () => CachedKeysValues): CachedKeysValues {
    const stored = this.#stored;
    const isSame = stored?.memory === memory.dataId && stored.keysValues.key.shape[0] === memory.shape[0];
    if (stored !== undefined && isSame) return stored.keysValues;
    const { key, value, keyOffset } = project();
    this.dispose();
    this.#stored = { memory: memory.dataId, keysValues: { key: hold(key), value: hold(value), keyOffset } };
    return this.#stored.keysValues;
  }

  /** Frees the stored tensors. The cache is then empty and can be used again. */
  dispose(): void {
    this.#stored?.keysValues.key.dispose();
    this.#stored?.keysValues.value.dispose();
    this.#stored = undefined;
  }
}
