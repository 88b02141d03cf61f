import { concat, type Tensor4D } from "@tensorflow/tfjs-core";
import { checkShapes, hold, own } from "@tfblocks/tensor-utils";
import type { CachedKeysValues, KeyValueCache } from "./key-value-cache.js";

/** Stores every key and value; the stored tensors grow with each call. */
export class GrowingCache implements KeyValueCache {
  #stored: CachedKeysValues | undefined;

  get length(): number {
    return this.#stored === undefined ? 0 : this.#stored.keyOffset + this.#stored.key.shape[2];
  }

  get stored(): CachedKeysValues | undefined {
    return this.#stored;
  }

  /** @throws ShapeError when batch, kvHeads, headDim or valueDim differ from those of the stored keys and values */
  join(key: Tensor4D, value: Tensor4D): CachedKeysValues {
    const stored = this.#stored;
    if (stored === undefined) return { key: own(key), value: own(value), keyOffset: 0 };
    checkShapes("KeyValueCache.join", {
      "cached key": [stored.key, "batch kvHeads cachedLength headDim"],
      key: [key, "batch kvHeads keyLength headDim"],
    });
    checkShapes("KeyValueCache.join", {
      "cached value": [stored.value, "batch kvHeads cachedLength valueDim"],
      value: [value, "batch kvHeads keyLength valueDim"],
    });
    return { key: concat([stored.key, key], 2), value: concat([stored.value, value], 2), keyOffset: stored.keyOffset };
  }

  store({ key, value, keyOffset }: CachedKeysValues): void {
    const previous = this.#stored;
    this.#stored = { key: hold(key), value: hold(value), keyOffset };
    release(previous);
  }

  dispose(): void {
    release(this.#stored);
    this.#stored = undefined;
  }
}

function release(stored: CachedKeysValues | undefined): void {
  stored?.key.dispose();
  stored?.value.dispose();
}
