import { concat, type Tensor4D } from "@tensorflow/tfjs-core";
import { checkShapes, hold, own } from "@tfblocks/tensor-utils";
import type { CachedKeysValues, KeyValueCache } from "./key-value-cache.js";

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

function release(kept: CachedKeysValues | undefined): void {
  kept?.key.dispose();
  kept?.value.dispose();
}
