import { slice, type Tensor4D } from "@tensorflow/tfjs-core";
import { checkInteger } from "@tfblocks/tensor-utils";
import { GrowingCache } from "./growing-cache.js";
import type { CachedKeysValues, KeyValueCache } from "./key-value-cache.js";

/**
 * Keeps the last `maxLength` keys with their absolute positions. Equals the full pass under a window:
 * with `masks.lastN(n)` for n <= maxLength + 1.
 */
export class RingCache implements KeyValueCache {
  readonly maxLength: number;
  readonly #kept = new GrowingCache();

  /** @throws ValueError when maxLength is no positive integer */
  constructor({ maxLength }: { readonly maxLength: number }) {
    checkInteger("RingCache", "maxLength", maxLength, 1);
    this.maxLength = maxLength;
  }

  get length(): number {
    return this.#kept.length;
  }

  /** The kept keys and every new one, so that each new query sees the whole of its window. */
  join(key: Tensor4D, value: Tensor4D): CachedKeysValues {
    return this.#kept.join(key, value);
  }

  store({ key, value, keyOffset }: CachedKeysValues): void {
    const dropped = Math.max(0, key.shape[2] - this.maxLength);
    const [lastKeys, lastValues] = [last(key, dropped), last(value, dropped)];
    this.#kept.store({ key: lastKeys, value: lastValues, keyOffset: keyOffset + dropped });
    lastKeys.dispose();
    lastValues.dispose();
  }

  dispose(): void {
    this.#kept.dispose();
  }
}

function last(x: Tensor4D, dropped: number): Tensor4D {
  return slice(x, [0, 0, dropped, 0]);
}
