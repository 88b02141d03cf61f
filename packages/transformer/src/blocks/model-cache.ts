import type { Tensor4D } from "@tensorflow/tfjs-core";
import type { CachedKeysValues, KeyValueCache } from "@tfblocks/attention";
import { GrowingCache } from "@tfblocks/attention/caches";
import { checkInteger, checkOptions, hold } from "@tfblocks/tensor-utils";
import { MemoryCache } from "./memory-cache.js";

/**
 * The keys and values of every layer of a model, for generating token by token. A call with a cache computes only the new
 * tokens, and gives the same result for them as one call with all tokens.
 */
export class ModelCache {
  readonly layers: readonly KeyValueCache[];
  /** For each layer, the keys and values that cross-attention projects from the memory. */
  readonly memories: readonly MemoryCache[];

  /**
   * @param options `numLayers`; `make`, which creates the cache of one layer, default `() => new GrowingCache()`
   * @throws ValueError when numLayers is not a positive integer, or an option is unknown
   */
  constructor(options: { readonly numLayers: number; readonly make?: () => KeyValueCache }) {
    const { numLayers, make = () => new GrowingCache() } = checkOptions("ModelCache", options, { numLayers: true, make: true });
    checkInteger("ModelCache", "numLayers", numLayers, 1);
    this.layers = Array.from({ length: numLayers }, make);
    this.memories = this.layers.map(() => new MemoryCache());
  }

  /** The number of tokens so far. */
  get length(): number {
    return this.layers[0]!.length;
  }

  /** Runs a function with the caches of all layers. What it stores takes effect when it returns; if it throws, no cache changes. */
  transaction<Result>(body: (layers: readonly KeyValueCache[]) => Result): Result {
    const pending = this.layers.map((layer) => new PendingCache(layer));
    try {
      const result = body(pending);
      for (const each of pending) each.commit();
      return result;
    } finally {
      for (const each of pending) each.dispose();
    }
  }

  /** Frees the stored tensors. The cache is then empty and can be used again. */
  dispose(): void {
    for (const each of [...this.layers, ...this.memories]) each.dispose();
  }
}

/** Delays `store` until `commit`, when the whole call has succeeded. */
class PendingCache implements KeyValueCache {
  readonly #cache: KeyValueCache;
  #joined: CachedKeysValues | undefined;

  constructor(cache: KeyValueCache) {
    this.#cache = cache;
  }

  get length(): number {
    return this.#cache.length;
  }

  join(key: Tensor4D, value: Tensor4D): CachedKeysValues {
    return this.#cache.join(key, value);
  }

  store({ key, value, keyOffset }: CachedKeysValues): void {
    this.dispose();
    this.#joined = { key: hold(key), value: hold(value), keyOffset };
  }

  commit(): void {
    if (this.#joined !== undefined) this.#cache.store(this.#joined);
  }

  dispose(): void {
    this.#joined?.key.dispose();
    this.#joined?.value.dispose();
    this.#joined = undefined;
  }
}
