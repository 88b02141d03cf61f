import type { Tensor4D } from "@tensorflow/tfjs-core";
import type { CachedKeysValues, KeyValueCache } from "./key-value-cache.js";
import { KeyValueStorage } from "./key-value-storage.js";

/** Stores every key and value. The stored tensors grow by a quarter whenever they are full, and by 64 rows at least. */
export class GrowingCache implements KeyValueCache {
  readonly #storage = new KeyValueStorage((keyLength) => keyLength + Math.max(64, Math.ceil(keyLength / 4)));

  get length(): number {
    return this.#storage.length;
  }

  get stored(): CachedKeysValues | undefined {
    return this.#storage.stored;
  }

  /** @throws ShapeError when batch, kvHeads, headDim or valueDim differ from those of the stored keys and values */
  join(key: Tensor4D, value: Tensor4D): CachedKeysValues {
    return this.#storage.join(key, value);
  }

  store(joined: CachedKeysValues): void {
    this.#storage.store(joined);
  }

  dispose(): void {
    this.#storage.dispose();
  }
}
