export type { AttentionOptions, AttentionResult } from "./attention-options.js";
export type { CachedKeysValues, KeyValueCache } from "./caches/key-value-cache.js";
export {
  type AttendOptions,
  type KeyOptions,
  MultiHeadAttention,
  type MultiHeadAttentionOptions,
  type QueryOptions,
  type WithWeights,
} from "./multi-head-attention.js";
export type { MultiHeadAttentionParts, Rotary } from "./multi-head-attention-parts.js";
export { multiHeadAttention, type MultiHeadAttentionSizes, type ProjectionBias } from "./multi-head-attention-sizes.js";
export { scaledDotProductAttention } from "./scaled-dot-product-attention.js";
export { mergeHeads, splitHeads } from "./split-heads.js";
export { type Stage, stages, type TapRequest } from "./taps.js";
