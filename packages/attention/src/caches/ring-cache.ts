import type { Tensor4D } from "@tensorflow/tfjs-core";
import { checkInteger, checkOptions, scope } from "@tfblocks/tensor-utils";
import { activeRecorder } from "@tfblocks/tensor-utils/steps";
import { type CachedKeysValues, keyRowsOf, type KeyValueCache, withoutRoom } from "./key-value-cache.js";
import { KeyValueStorage } from "./key-value-storage.js";

/**
 * Stores the last `maxLength` keys and values, in tensors of at most 3 `maxLength` rows. Decoding with the mask `masks.lastN(n)`,
 * n <= maxLength + 1, gives the same result as one call with all tokens.
 */
export class RingCache implements KeyValueCache {
  readonly maxLength: number;
  readonly #storage: KeyValueStorage;

  /** @throws ValueError when maxLength is not a positive integer, or an option is unknown */
  constructor(options: { readonly maxLength: number }) {
    const { maxLength } = checkOptions("RingCache", options, { maxLength: true });
    checkInteger("RingCache", "maxLength", maxLength, 1);
    this.maxLength = maxLength;
    this.#storage = new KeyValueStorage((keyLength) => keyLength + maxLength);
  }

  get length(): number {
    return this.#storage.length;
  }

  get stored(): CachedKeysValues | undefined {
    return this.#storage.stored;
  }

  /** The cached keys and every new one, so that each new query can attend to its whole window. */
  join(key: Tensor4D, value: Tensor4D): CachedKeysValues {
    activeRecorder()?.refuse("a RingCache drops keys");
    return this.#storage.join(key, value);
  }

  store(joined: CachedKeysValues): void {
    const [start, end] = keyRowsOf(joined);
    const first = Math.max(start, end - this.maxLength);
    const last: CachedKeysValues = { ...joined, keyOffset: joined.keyOffset + first - start, keyRows: [first, end] };
    if (joined.key.shape[2] <= 3 * this.maxLength) return this.#storage.store(last);
    const { key, value } = scope(() => withoutRoom(last)); // after a long prompt
    this.#storage.store({ key, value, keyOffset: last.keyOffset });
    key.dispose();
    value.dispose();
  }

  dispose(): void {
    this.#storage.dispose();
  }
}
