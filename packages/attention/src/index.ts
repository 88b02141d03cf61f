export type { AttentionOptions, AttentionResult } from "./attention-options.js";
export type { CachedKeysValues, KeyValueCache } from "./caches/key-value-cache.js";
export { type KeyOptions, MultiHeadAttention, type MultiHeadAttentionOptions, type WithWeights } from "./multi-head-attention.js";
export type { MultiHeadAttentionConfig, ProjectionBias, ResolvedConfig, Rotary } from "./multi-head-attention-config.js";
export { scaledDotProductAttention } from "./scaled-dot-product-attention.js";
export { type Stage, stages, type TapRequest } from "./taps.js";
