import { gather, slice, type Tensor4D, tensor1d } from "@tensorflow/tfjs-core";
import type { CachedKeysValues, KeyValueCache } from "@tfblocks/attention";
import { GrowingCache } from "@tfblocks/attention/caches";
import { checkInteger, checkOptions, hold, scope, type StateDict } from "@tfblocks/tensor-utils";
import { cacheState, type CacheSizes, layersOfState, refuseDropped } from "./cache-state.js";
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

  /**
   * Replaces the keys and values of each row by those of another row, for example of another beam.
   *
   * @param rows the index of a present row for each new row
   */
  selectRows(rows: readonly number[]): void {
    const batch = this.layers[0]!.stored?.key.shape[0] ?? 0;
    if (rows.length === batch && rows.every((row, index) => row === index)) return;
    for (const [index, row] of rows.entries()) checkInteger("ModelCache.selectRows", `rows[${index}]`, row, 0, batch - 1);
    this.#replace(({ key, value, keyOffset }) => {
      const indices = tensor1d([...rows], "int32");
      return { key: gather(key, indices), value: gather(value, indices), keyOffset };
    });
  }

  /**
   * Forgets all but the first `length` tokens.
   *
   * @throws ValueError when there are fewer, or a layer has dropped keys that a shorter text attends to
   */
  trim(length: number): void {
    checkInteger("ModelCache.trim", "length", length, 0, this.length);
    if (length === 0) for (const layer of this.layers) layer.dispose();
    if (length === this.length) return;
    this.#replace((stored) => {
      refuseDropped("ModelCache.trim", stored, "as a window does");
      const first = (x: Tensor4D) => slice(x, [0, 0, 0, 0], [-1, -1, length, -1]); // [batch, kvHeads, length, headDim]
      return { key: first(stored.key), value: first(stored.value), keyOffset: 0 };
    });
  }

  /** For each layer `layers.<i>.key` and `layers.<i>.value`, `[batch, kvHeads, length, headDim]`. The caller owns the tensors. */
  stateDict(): StateDict {
    return cacheState(this.layers);
  }

  /**
   * Replaces the contents by those of a state dict, or changes nothing when it does not fit.
   *
   * @param expected sizes that the state must have
   * @throws StateDictError when a tensor is missing or unexpected; ShapeError, DTypeError when the tensors do not fit each other
   */
  loadStateDict(state: StateDict, expected: CacheSizes = {}): void {
    const loaded = layersOfState(state, this.layers.length, expected);
    for (const [index, layer] of this.layers.entries()) layer.store(loaded[index]!);
  }

  /** Frees the stored tensors. The cache is then empty and can be used again. */
  dispose(): void {
    for (const each of [...this.layers, ...this.memories]) each.dispose();
  }

  /** Stores new keys and values in every layer, or in none if one throws. */
  #replace(change: (stored: CachedKeysValues) => CachedKeysValues): void {
    scope(() => {
      const changed = this.layers.map(({ stored }) => stored && change(stored));
      for (const [index, layer] of this.layers.entries()) if (changed[index] !== undefined) layer.store(changed[index]);
    });
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

  get stored(): CachedKeysValues | undefined {
    return this.#cache.stored;
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
