import type { Tensor } from "@tensorflow/tfjs-core";
import type { CachedKeysValues } from "@tfblocks/attention";
import { hold } from "@tfblocks/tensor-utils";

/** Keeps one layer's keys and values of the memory, so that a decoder projects a source once, not at every token. */
export class MemoryCache {
  #kept: { readonly memory: Tensor["dataId"]; readonly keysValues: CachedKeysValues } | undefined;

  /** Those of this memory: the kept ones, or, of another memory, what `project` makes. They stay the cache's. */
  take(memory: Tensor, project: () => CachedKeysValues): CachedKeysValues {
    if (this.#kept?.memory === memory.dataId && this.#kept.keysValues.key.shape[0] === memory.shape[0]) return this.#kept.keysValues;
    const { key, value, keyOffset } = project();
    this.dispose();
    this.#kept = { memory: memory.dataId, keysValues: { key: hold(key), value: hold(value), keyOffset } };
    return this.#kept.keysValues;
  }

  /** Forgets everything; the cache can be filled again. */
  dispose(): void {
    this.#kept?.keysValues.key.dispose();
    this.#kept?.keysValues.value.dispose();
    this.#kept = undefined;
  }
}
