import { slice, type Tensor4D } from "@tensorflow/tfjs-core";
import { checkInteger, checkOptions } from "@tfblocks/tensor-utils";
import { GrowingCache } from "./growing-cache.js";
import type { CachedKeysValues, KeyValueCache } from "./key-value-cache.js";

/**
 * Stores the last `maxLength` keys and values. Decoding with the mask `masks.lastN(n)`, n <= maxLength + 1, gives the same
 * result as one call with all tokens.
 */
export class RingCache implements KeyValueCache {
  readonly maxLength: number;
  readonly #cache = new GrowingCache();

  /** @throws ValueError when maxLength is not a positive integer, or an option is unknown */
  constructor(options: { readonly maxLength: number }) {
    const { maxLength } = checkOptions("RingCache", options, { maxLength: true });
    checkInteger("RingCache", "maxLength", maxLength, 1);
    this.maxLength = maxLength;
  }

  get length(): number {
    return this.#cache.length;
  }

  get stored(): CachedKeysValues | undefined {
    return this.#cache.stored;
  }

  /** The cached keys and every new one, so that each new query can attend to its whole window. */
  join(key: Tensor4D, value: Tensor4D): CachedKeysValues {
    return this.#cache.join(key, value);
  }

  store({ key, value, keyOffset }: CachedKeysValues): void {
    const dropped = Math.max(0, key.shape[2] - this.maxLength);
    const [lastKeys, lastValues] = [last(key, dropped), last(value, dropped)];
    this.#cache.store({ key: lastKeys, value: lastValues, keyOffset: keyOffset + dropped });
    lastKeys.dispose();
    lastValues.dispose();
  }

  dispose(): void {
    this.#cache.dispose();
  }
}

function last(x: Tensor4D, dropped: number): Tensor4D {
  return slice(x, [0, 0, dropped, 0]);
}
