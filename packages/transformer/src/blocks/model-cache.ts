import type { Tensor4D } from "@tensorflow/tfjs-core";
import type { CachedKeysValues, KeyValueCache } from "@tfblocks/attention";
import { GrowingCache } from "@tfblocks/attention/caches";
import { checkInteger, hold } from "@tfblocks/tensor-utils";
import { MemoryCache } from "./memory-cache.js";

/**
 * The keys and values of every layer of a model, for generating token by token: a call with a cache computes the new
 * tokens alone, and gives what a full pass gives for them.
 */
export class ModelCache {
  readonly layers: readonly KeyValueCache[];
  /** What cross-attention has projected of the memory, of each layer. */
  readonly memories: readonly MemoryCache[];

  /**
   * @param options `numLayers`; `make`, a cache of one layer, default `new GrowingCache()`
   * @throws ValueError when numLayers is no positive integer
   */
  constructor({ numLayers, make = () => new GrowingCache() }: { readonly numLayers: number; readonly make?: () => KeyValueCache }) {
    checkInteger("ModelCache", "numLayers", numLayers, 1);
    this.layers = Array.from({ length: numLayers }, make);
    this.memories = this.layers.map(() => new MemoryCache());
  }

  /** Tokens seen so far. */
  get length(): number {
    return this.layers[0]!.length;
  }

  /** Runs a body over the layers' caches, which keep what it stores when it returns, all of it, or none when it throws. */
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

  /** Forgets everything; the cache can be filled again. */
  dispose(): void {
    for (const each of [...this.layers, ...this.memories]) each.dispose();
  }
}

/** Holds what is stored until the whole call succeeds. */
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
