import type { MaskPartName } from "../../reading/mask-of.js";

/** Of the pairs of a drawn cell, none, some or all are allowed. */
export const cellStates = { none: 0, some: 1, all: 2 } as const;

/** The cells of a mask; in a long text, a cell stands for a square of pairs. */
export interface MaskPicture {
  /** Number of tokens. */
  readonly length: number;
  /** How many tokens a row and a column stand for; the last one may stand for fewer. */
  readonly pool: number;
  /** Rows and columns: ⌈length / pool⌉. */
  readonly size: number;
  /** `[size, size]`, one of {@link cellStates}. */
  readonly states: Uint8Array;
  /** The parts that can forbid something, each with the states that it would give alone. */
  readonly parts: readonly { readonly name: MaskPartName; readonly states: Uint8Array }[];
  /** The program that makes the mask. */
  readonly code: string;
}

/** The blocks of a mask as a kernel sees them: those without an allowed pair are skipped. */
export interface MaskBlocks {
  /** The edge of a block, in tokens. */
  readonly edge: number;
  /** Blocks in a row. */
  readonly size: number;
  /** `[size, size]`, one of {@link cellStates}. */
  readonly states: Uint8Array;
  readonly counts: { readonly empty: number; readonly partial: number; readonly full: number };
}

/** What a mask costs, and would cost with longer texts. */
export interface MaskCost {
  /** Of the text and of longer ones, ascending. */
  readonly rows: readonly CostRow[];
}

/** The cost of one head at one length. */
export interface CostRow {
  readonly length: number;
  /** All pairs of a query and a key: length². */
  readonly pairs: number;
  readonly allowed: number;
  /** Pairs in the blocks that a kernel does not skip. */
  readonly visited: number;
}
