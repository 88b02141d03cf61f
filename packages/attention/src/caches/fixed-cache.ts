import type { Tensor4D } from "@tensorflow/tfjs-core";
import { checkInteger, checkOptions, refuse, ValueError } from "@tfblocks/tensor-utils";
import { GrowingCache } from "./growing-cache.js";
import type { CachedKeysValues, KeyValueCache } from "./key-value-cache.js";

/** Stores at most `maxLength` keys and values. A call that would exceed the limit throws before it computes anything. */
export class FixedCache implements KeyValueCache {
  readonly maxLength: number;
  readonly #cache = new GrowingCache();

  /** @throws ValueError when maxLength is not a positive integer, or an option is unknown */
  constructor(options: { readonly maxLength: number }) {
    const { maxLength } = checkOptions("FixedCache", options, { maxLength: true });
    checkInteger("FixedCache", "maxLength", maxLength, 1);
    this.maxLength = maxLength;
  }

  get length(): number {
    return this.#cache.length;
  }

  get stored(): CachedKeysValues | undefined {
    return this.#cache.stored;
  }

  /** @throws ValueError when there would be more than `maxLength` keys; ShapeError as {@link GrowingCache.join} */
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
    return this.#cache.join(key, value);
  }

  store(joined: CachedKeysValues): void {
    this.#cache.store(joined);
  }

  dispose(): void {
    this.#cache.dispose();
  }
}
