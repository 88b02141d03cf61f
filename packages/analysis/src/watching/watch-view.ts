import type { Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import {
  type AttendOptions,
  type CachedKeysValues,
  type KeyValueCache,
  MultiHeadAttention,
  type MultiHeadAttentionOptions,
} from "@tfblocks/attention";
import { withoutRoom } from "@tfblocks/attention/caches";
import { borrowed, describeValue, hold, overriddenMethods, own, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { AnyBlock } from "../edits/part-views.js";
import { WatchedCall } from "./watched-call.js";

/** A view of an attention that computes what it did, and hands each of its calls to an observer, who owns it. */
export function watchView(operation: string, block: AnyBlock, name: string, observe: (call: WatchedCall) => void): AnyBlock {
  const attention = watchable(operation, block, name);
  const view = borrowed<MultiHeadAttention>(attention, (inner) => {
    const apply = (query: Tensor, key: Tensor, value: Tensor, options: MultiHeadAttentionOptions = {}) => {
      const cache = new ObservedCache(options);
      try {
        const queryOffset = options.queryOffset ?? options.cache?.length ?? 0;
        const result = inner.apply(query, key, value, { ...options, queryOffset, cache });
        observe(new WatchedCall(inner, query, cache.joined!, { ...options, queryOffset }));
        return result;
      } finally {
        cache.release();
      }
    };
    const attend = (query: Tensor, keysValues: CachedKeysValues, options: AttendOptions = {}) => {
      const result = inner.attend(query, keysValues, options);
      observe(new WatchedCall(inner, query, keysValues, options));
      return result;
    };
    return { apply: apply as MultiHeadAttention["apply"], attend };
  });
  return view as unknown as AnyBlock;
}

function watchable(operation: string, block: AnyBlock, name: string): MultiHeadAttention {
  if (!(block instanceof MultiHeadAttention)) refuse(ValueError, operation, `"${name}"`, "a MultiHeadAttention", describeValue(block));
  if (overriddenMethods(block).includes("attend")) {
    const advice = "its weights are the ones that freezeAttention was given";
    refuse(ValueError, operation, `"${name}"`, "an attention that computes its weights", "a frozen one", advice);
  }
  return block as MultiHeadAttention;
}

/** The cache of a call, or an empty one, that tells the keys and values which the call attends to. */
class ObservedCache implements KeyValueCache {
  joined: CachedKeysValues | undefined;
  readonly #cache: KeyValueCache | undefined;
  readonly #keyOffset: number;

  constructor({ cache, keyOffset = 0 }: MultiHeadAttentionOptions) {
    this.#cache = cache;
    this.#keyOffset = keyOffset;
  }

  get length(): number {
    return this.#cache?.length ?? this.#keyOffset;
  }

  get stored(): CachedKeysValues | undefined {
    return this.#cache?.stored;
  }

  join(key: Tensor4D, value: Tensor4D): CachedKeysValues {
    const joined = this.#cache?.join(key, value) ?? { key: own(key), value: own(value), keyOffset: this.#keyOffset };
    const lasting = withoutRoom(joined); // later calls write into the cache
    this.joined = { ...lasting, key: hold(lasting.key), value: hold(lasting.value) };
    return joined;
  }

  store(joined: CachedKeysValues): void {
    this.#cache?.store(joined);
  }

  dispose(): void {
    this.#cache?.dispose();
  }

  /** Frees the second handles on what was joined; the cache itself stays. */
  release(): void {
    this.joined?.key.dispose();
    this.joined?.value.dispose();
  }
}
