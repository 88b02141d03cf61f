import type { Tensor4D } from "@tensorflow/tfjs-core";

/** Which cells: the lengths, and the absolute position of the first query and key (a KV cache supplies them). */
export interface MaskSizes {
  readonly queryLength: number;
  readonly keyLength: number;
  /** Only checked against the mask's own batch; left out, any mask fits. */
  readonly batch?: number;
  /** Only checked against the mask's own heads; left out, any mask fits. */
  readonly heads?: number;
  /** Absolute position of the first query; default 0. */
  readonly queryOffset?: number;
  /** Absolute position of the first key; default 0. */
  readonly keyOffset?: number;
}

/** Edge lengths of the blocks of a {@link BlockSummary}, in positions. */
export interface BlockSize {
  readonly query: number;
  readonly key: number;
}

/** What `states` of a {@link BlockSummary} holds. */
export const blockStates: { readonly empty: 0; readonly partial: 1; readonly full: 2 } = { empty: 0, partial: 1, full: 2 };

/** Which blocks of the score matrix a kernel may skip (empty), must mask (partial) or may leave unmasked (full). */
export interface BlockSummary {
  /** 1 when the same for every batch element, else the batch size. */
  readonly batch: number;
  /** 1 when the same for every head, else the number of heads. */
  readonly heads: number;
  /** ceil(queryLength / blockSize.query); the last block is cut by the length. */
  readonly queryBlocks: number;
  /** ceil(keyLength / blockSize.key); the last block is cut by the length. */
  readonly keyBlocks: number;
  readonly blockSize: BlockSize;
  /** `[batch, heads, queryBlocks, keyBlocks]`, row-major: a {@link blockStates} value for each block. */
  readonly states: Uint8Array;
  readonly counts: { readonly empty: number; readonly partial: number; readonly full: number };
}

/** Why a query may or may not attend to a key. */
export interface Explanation {
  readonly allowed: boolean;
  /** One sentence that names the positions and the rule. */
  readonly reason: string;
  /** The atoms (or negations) that forbid; only when not allowed. */
  readonly forbiddenBy?: readonly MaskJSON[];
}

/** A mask as plain JSON; infinite values are the strings "Infinity" and "-Infinity". */
export type MaskJSON =
  | { readonly type: "full" | "none" }
  | { readonly type: "causal"; readonly offset: number }
  | { readonly type: "padding"; readonly lengths: readonly number[] }
  | { readonly type: "padding"; readonly keep: readonly (readonly boolean[])[] }
  | { readonly type: "slidingWindow"; readonly left: number | "Infinity"; readonly right: number | "Infinity" }
  | { readonly type: "lastN"; readonly n: number }
  | { readonly type: "prefixLM"; readonly prefixLength: number | readonly number[] }
  | { readonly type: "packed"; readonly lengths: readonly (readonly number[])[] }
  | { readonly type: "documents"; readonly ids: readonly (readonly number[])[] }
  | { readonly type: "chunked"; readonly size: number }
  | { readonly type: "blockPattern"; readonly blockSize: BlockSize; readonly pattern: readonly (readonly boolean[])[] }
  | TensorMaskJSON
  | { readonly type: "and" | "or"; readonly masks: readonly MaskJSON[] }
  | { readonly type: "not"; readonly mask: MaskJSON };

/** The copied contents of a tensor: values is row-major over shape `[batch|1, heads|1, queryLength|1, keyLength|1]`. */
export interface TensorMaskJSON {
  readonly type: "fromTensor";
  readonly kind: "keep" | "additive";
  readonly shape: readonly number[];
  readonly queryOffset: number;
  readonly keyOffset: number;
  readonly values: readonly (number | "-Infinity")[];
}

/** An immutable predicate over (batch, head, query position, key position): true = may attend. */
export interface Mask {
  /** 1 when the same for every batch element, else the batch size it was made for. */
  readonly batch: number;
  /** 1 when the same for every head, else the number of heads it was made for. */
  readonly heads: number;
  /**
   * Whether a query may attend to a key, both at absolute positions; positions that a table does not cover may not.
   * @throws ValueError for a negative or fractional index, or a batch element or head the mask does not have
   */
  at(batch: number, head: number, query: number, key: number): boolean;
  /**
   * The cells as a bool tensor `[batch|1, heads|1, queryLength, keyLength]`, which the caller owns.
   * @throws ValueError, ShapeError when the sizes are no lengths or contradict the mask; AllocationError over 2^31 - 1 bytes
   */
  dense(sizes: MaskSizes): Tensor4D;
  /**
   * Which blocks are empty, partial or full, exactly as {@link Mask.dense} would show, without making the cells.
   * @param blockSize default 64 x 64
   * @throws ValueError, ShapeError as `dense`
   */
  blocks(sizes: MaskSizes, blockSize?: BlockSize): BlockSummary;
  /**
   * {@link Mask.at} in words, with the atoms that forbid.
   * @throws ValueError as `at`
   */
  explain(batch: number, head: number, query: number, key: number): Explanation;
  /**
   * Only on additive masks and on an `and` with one: what to add to the scores, float32 `[batch|1, heads|1, queryLength, keyLength]`,
   * which the caller owns. A cell of -Infinity is 0 here: `at` and `dense` forbid it.
   * @throws ValueError, ShapeError, AllocationError as `dense`
   */
  bias?(sizes: MaskSizes): Tensor4D;
  /** Plain data for `JSON.stringify`; `fromJSON` gives an equal mask. */
  toJSON(): MaskJSON;
}
