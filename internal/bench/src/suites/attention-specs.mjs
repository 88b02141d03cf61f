/** Batch 1, 8 heads of 64: the shape of every attention case unless its name says otherwise. */
const shape = { batch: 1, heads: 8, kvHeads: 8, headDim: 64 };

export const full = (n) => ({ ...shape, queries: n, keys: n });
export const causal = (n) => ({ ...full(n), mask: { type: "causal" } });
/** Each query sees the last `keys` keys, itself included. */
export const window = (n, keys = 256) => ({ ...full(n), mask: { type: "window", keys: Math.min(keys, n) } });
/** Four packed documents of n/2, n/4, n/8, n/8 tokens, causal within each. */
export const documents = (n) => ({ ...full(n), mask: { type: "documents", lengths: [n / 2, n / 4, n / 8, n / 8] } });
/** 8 query heads share 2 key-value heads. */
export const grouped = (n) => ({ ...full(n), kvHeads: 2 });
/** A quarter as many queries as keys. */
export const cross = (n) => ({ ...full(n), queries: n / 4 });
