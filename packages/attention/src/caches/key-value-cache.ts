import type { Tensor4D } from "@tensorflow/tfjs-core";

/** The keys and values that a call attends to: the cached and the new ones. */
export interface CachedKeysValues {
  /** `[batch, kvHeads, keyLength, headDim]` */
  readonly key: Tensor4D;
  /** `[batch, kvHeads, keyLength, valueDim]` */
  readonly value: Tensor4D;
  /** Absolute position of the first key. */
  readonly keyOffset: number;
}

/**
 * The keys and values of earlier calls, for decoding token by token. Attention with a cache gives the same result as one
 * call with all tokens.
 *
 * A call first joins its new keys and values to the cached ones, and stores the result after it has computed its output.
 * If a call fails, the cache does not change.
 */
export interface KeyValueCache {
  /** The number of positions so far, which is the absolute position of the next query. */
  readonly length: number;
  /** The keys and values of earlier calls, which the cache owns; undefined if it is empty. `store` replaces them. */
  readonly stored: CachedKeysValues | undefined;
  /** The cached and the new keys and values. The caller owns the result. */
  join(key: Tensor4D, value: Tensor4D): CachedKeysValues;
  /** Stores a result of `join`. */
  store(joined: CachedKeysValues): void;
  /** Frees the stored tensors. The cache is then empty and can be used again. */
  dispose(): void;
}
