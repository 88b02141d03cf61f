import type { Tensor4D } from "@tensorflow/tfjs-core";

/** The extent of a mask: lengths, and the absolute positions of the first query and key, which a KV cache supplies. */
export interface MaskSizes {
  readonly queryLength: number;
  readonly keyLength: number;
  /** If given, checked against the batch of the mask. */
  readonly batch?: number;
  /** If given, checked against the heads of the mask. */
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

/** The values of `states` in a {@link BlockSummary}. */
export const blockStates: { readonly empty: 0; readonly partial: 1; readonly full: 2 } = { empty: 0, partial: 1, full: 2 };

/** Which blocks of the score matrix a kernel may skip (empty), must mask (partial) or may leave unmasked (full). */
export interface BlockSummary {
  /** 1 when the mask is the same for every batch element, else the batch size. */
  readonly batch: number;
  /** 1 when the mask is the same for every head, else the number of heads. */
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
  /** The atoms or negations that forbid the cell; absent when it is allowed. */
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
  /** 1 when the mask is the same for every batch element, else its batch size. */
  readonly batch: number;
  /** 1 when the mask is the same for every head, else its number of heads. */
  readonly heads: number;
  /**
   * Whether a query may attend to a key, both given by absolute positions; false at positions that a table does not cover.
   * @throws ValueError for a negative or fractional index, or a batch element or head that the mask does not have
   */
  at(batch: number, head: number, query: number, key: number): boolean;
  /**
   * The cells as a bool tensor `[batch|1, heads|1, queryLength, keyLength]`, which the caller owns.
   * @throws ValueError, ShapeError when a size is not a length or contradicts the mask; AllocationError over 2^31 - 1 bytes
   */
  dense(sizes: MaskSizes): Tensor4D;
  /**
   * Which blocks are empty, partial or full. Agrees exactly with {@link Mask.dense}, without computing every cell.
   * @param blockSize default 64 x 64
   * @throws ValueError, ShapeError as `dense`
   */
  blocks(sizes: MaskSizes, blockSize?: BlockSize): BlockSummary;
  /**
   * Explains {@link Mask.at} in words, with the atoms that forbid the cell.
   * @throws ValueError as `at`
   */
  explain(batch: number, head: number, query: number, key: number): Explanation;
  /**
   * Only on additive masks and on an `and` with one: the bias of the scores, float32 `[batch|1, heads|1, queryLength, keyLength]`,
   * which the caller owns. A cell of -Infinity is 0 in it, because `at` and `dense` forbid the cell.
   * @throws ValueError, ShapeError, AllocationError as `dense`
   */
  bias?(sizes: MaskSizes): Tensor4D;
  /** Plain data for `JSON.stringify`, from which `fromJSON` makes an equal mask. */
  toJSON(): MaskJSON;
}
