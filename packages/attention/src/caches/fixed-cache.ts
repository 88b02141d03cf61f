import type { Tensor4D } from "@tensorflow/tfjs-core";
import { checkInteger, refuse, ValueError } from "@tfblocks/tensor-utils";
import { GrowingCache } from "./growing-cache.js";
import type { CachedKeysValues, KeyValueCache } from "./key-value-cache.js";

/** Keeps at most `maxLength` keys and refuses more, before anything is computed. */
export class FixedCache implements KeyValueCache {
  readonly maxLength: number;
  readonly #kept = new GrowingCache();

  /** @throws ValueError when maxLength is no positive integer */
  constructor({ maxLength }: { readonly maxLength: number }) {
    checkInteger("FixedCache", "maxLength", maxLength, 1);
    this.maxLength = maxLength;
  }

  get length(): number {
    return this.#kept.length;
  }

  /** @throws ValueError when the keys would be more than `maxLength`; ShapeError as {@link GrowingCache.join} */
  join(key: Tensor4D, value: Tensor4D): CachedKeysValues {
    const total = this.length + key.shape[2];
    if (total > this.maxLength) {
      const expected = `at most ${this.maxLength - this.length} long (maxLength ${this.maxLength}, ${this.length} kept)`;
      refuse(ValueError, "FixedCache.join", "key", expected, key.shape[2], "use a longer cache, or a RingCache with a window mask");
    }
    return this.#kept.join(key, value);
  }

  store(joined: CachedKeysValues): void {
    this.#kept.store(joined);
  }

  dispose(): void {
    this.#kept.dispose();
  }
}
