import { slice, type Tensor4D } from "@tensorflow/tfjs-core";

/** The keys and values that a call attends to: the cached and the new ones. */
export interface CachedKeysValues {
  /** `[batch, kvHeads, rows, headDim]` */
  readonly key: Tensor4D;
  /** `[batch, kvHeads, rows, valueDim]` */
  readonly value: Tensor4D;
  /** Absolute position of the first key. */
  readonly keyOffset: number;
  /** The first row that is a key, and the one after the last; other rows are room. Default: all rows. */
  readonly keyRows?: readonly [start: number, end: number] | undefined;
  /** How many keys a cache has got since, where a captured step is repeated. */
  readonly grown?: (() => number) | undefined;
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
  /**
   * The keys and values of earlier calls, which the cache owns; undefined if it is empty. The next call may write to them: copy what has
   * to last, with {@link withoutRoom}.
   */
  readonly stored: CachedKeysValues | undefined;
  /**
   * The cached and the new keys and values. A backend with the kernel `AppendKeysValues` writes the new ones behind the cached ones, in
   * tensors that the cache owns; other tensors of the result belong to the surrounding `scope`.
   */
  join(key: Tensor4D, value: Tensor4D): CachedKeysValues;
  /** Stores a result of `join`. */
  store(joined: CachedKeysValues): void;
  /** Frees the stored tensors. The cache is then empty and can be used again. */
  dispose(): void;
}

/** The rows that are keys. */
export function keyRowsOf({ key, keyRows }: CachedKeysValues): readonly [start: number, end: number] {
  return keyRows ?? [0, key.shape[2]];
}

/**
 * Keys and values without room, `[batch, kvHeads, keyLength, headDim or valueDim]`: copies that belong to the surrounding `scope`, or the
 * given ones where all rows are keys, which no cache writes to.
 */
export function withoutRoom(keysValues: CachedKeysValues): CachedKeysValues {
  if (keysValues.keyRows === undefined) return keysValues;
  const [start, end] = keysValues.keyRows;
  const present = (x: Tensor4D) => slice(x, [0, 0, start, 0], [-1, -1, end - start, -1]);
  return { key: present(keysValues.key), value: present(keysValues.value), keyOffset: keysValues.keyOffset };
}
