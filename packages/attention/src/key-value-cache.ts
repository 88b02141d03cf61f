import { concat, slice, type Tensor4D } from "@tensorflow/tfjs-core";
import { checkInteger, checkShapes, hold, own, refuse, ValueError } from "@tfblocks/tensor-utils";

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

/** Keeps every key and value; the kept tensors grow by each call. */
export class GrowingCache implements KeyValueCache {
  #kept: CachedKeysValues | undefined;

  get length(): number {
    return this.#kept === undefined ? 0 : this.#kept.keyOffset + this.#kept.key.shape[2];
  }

  /** @throws ShapeError when batch, kvHeads, headDim or valueDim differ from what is kept */
  join(key: Tensor4D, value: Tensor4D): CachedKeysValues {
    const kept = this.#kept;
    if (kept === undefined) return { key: own(key), value: own(value), keyOffset: 0 };
    checkShapes("KeyValueCache.join", {
      "cached key": [kept.key, "batch kvHeads cachedLength headDim"],
      key: [key, "batch kvHeads keyLength headDim"],
    });
    checkShapes("KeyValueCache.join", {
      "cached value": [kept.value, "batch kvHeads cachedLength valueDim"],
      value: [value, "batch kvHeads keyLength valueDim"],
    });
    return { key: concat([kept.key, key], 2), value: concat([kept.value, value], 2), keyOffset: kept.keyOffset };
  }

  store({ key, value, keyOffset }: CachedKeysValues): void {
    const previous = this.#kept;
    this.#kept = { key: hold(key), value: hold(value), keyOffset };
    release(previous);
  }

  dispose(): void {
    release(this.#kept);
    this.#kept = undefined;
  }
}

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

function release(kept: CachedKeysValues | undefined): void {
  kept?.key.dispose();
  kept?.value.dispose();
}
