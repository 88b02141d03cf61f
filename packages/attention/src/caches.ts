export { FixedCache } from "./caches/fixed-cache.js";
export { GrowingCache } from "./caches/growing-cache.js";
export { type CachedKeysValues, keyRowsOf, type KeyValueCache, withoutRoom } from "./caches/key-value-cache.js";
export { RingCache } from "./caches/ring-cache.js";
