import { gather, type Tensor4D, tensor1d } from "@tensorflow/tfjs-core";
import type { CachedKeysValues, KeyValueCache } from "@tfblocks/attention";
import { GrowingCache, keyRowsOf } from "@tfblocks/attention/caches";
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
    this.#replace((stored) => {
      const indices = tensor1d([...rows], "int32");
      return { ...stored, key: gather(stored.key, indices), value: gather(stored.value, indices) };
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
      const [start] = keyRowsOf(stored);
      return { ...stored, keyRows: [start, start + length] };
    });
  }

  /** For each layer `layers.<i>.key` and `layers.<i>.value`, `[batch, kvHeads, length, headDim]`. The caller owns the tensors. */
  stateDict(): StateDict {
    return scope(() => cacheState(this.layers));
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
  /** New tensors of `#joined`, which live longer than the scope that made them; those that the cache stores already do. */
  #held: readonly [key: Tensor4D, value: Tensor4D] | undefined;

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

  store(joined: CachedKeysValues): void {
    this.dispose();
    if (joined.key.dataId !== this.stored?.key.dataId) this.#held = [hold(joined.key), hold(joined.value)];
    const [key, value] = this.#held ?? [joined.key, joined.value];
    this.#joined = { ...joined, key, value };
  }

  commit(): void {
    if (this.#joined !== undefined) this.#cache.store(this.#joined);
  }

  dispose(): void {
    for (const each of this.#held ?? []) each.dispose();
    this.#held = undefined;
    this.#joined = undefined;
  }
}
