import type { Tensor4D } from "@tensorflow/tfjs-core";
import { checkInteger, checkOptions, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { CachedKeysValues, KeyValueCache } from "./key-value-cache.js";
import { KeyValueStorage } from "./key-value-storage.js";

/**
 * Stores at most `maxLength` keys and values, in tensors of that many rows from the first call on. A call that would exceed the limit
 * throws before it computes anything.
 */
export class FixedCache implements KeyValueCache {
  readonly maxLength: number;
  readonly #storage: KeyValueStorage;

  /** @throws ValueError when maxLength is not a positive integer, or an option is unknown */
  constructor(options: { readonly maxLength: number }) {
    const { maxLength } = checkOptions("FixedCache", options, { maxLength: true });
    checkInteger("FixedCache", "maxLength", maxLength, 1);
    this.maxLength = maxLength;
    this.#storage = new KeyValueStorage(() => maxLength);
  }

  get length(): number {
    return this.#storage.length;
  }

  get stored(): CachedKeysValues | undefined {
    return this.#storage.stored;
  }

  /** @throws ValueError when there would be more than `maxLength` keys; ShapeError as `GrowingCache.join` */
  join(key: Tensor4D, value: Tensor4D): CachedKeysValues {
    const total = this.length + key.shape[2];
    if (total > this.maxLength) {
      const expected = `at most ${this.maxLength - this.length} (maxLength ${this.maxLength} - ${this.length} in use)`;
      refuse(
        ValueError,
        "FixedCache.join",
        "keyLength",
        expected,
        key.shape[2],
        "increase maxLength, or use a RingCache with a window mask",
      );
    }
    return this.#storage.join(key, value);
  }

  store(joined: CachedKeysValues): void {
    this.#storage.store(joined);
  }

  dispose(): void {
    this.#storage.dispose();
  }
}
