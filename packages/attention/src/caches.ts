export { FixedCache } from "./caches/fixed-cache.js";
export { GrowingCache } from "./caches/growing-cache.js";
export type { CachedKeysValues, KeyValueCache } from "./caches/key-value-cache.js";
export { RingCache } from "./caches/ring-cache.js";
