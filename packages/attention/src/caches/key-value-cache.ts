import type { Tensor4D } from "@tensorflow/tfjs-core";

/** Keys and values that a call attends to: those kept and the new ones. */
export interface CachedKeysValues {
  /** `[batch, kvHeads, keyLength, headDim]` */
  readonly key: Tensor4D;
  /** `[batch, kvHeads, keyLength, valueDim]` */
  readonly value: Tensor4D;
  /** Absolute position of the first of them. */
  readonly keyOffset: number;
}

/**
 * The keys and values of earlier calls, for decoding token by token: attention over a cache equals the full pass.
 *
 * A call first `join`s its new keys and values, and `store`s the joined ones once its output is computed, so a call
 * that fails leaves the cache as it was.
 */
export interface KeyValueCache {
  /** Positions seen so far: the absolute position of the next query. */
  readonly length: number;
  /** Kept and new keys and values, of the caller's own. */
  join(key: Tensor4D, value: Tensor4D): CachedKeysValues;
  /** Keeps what `join` gave. */
  store(joined: CachedKeysValues): void;
  /** Forgets everything; the cache can be filled again. */
  dispose(): void;
}
