import type { MaskJSON } from "./mask.js";

/** A rectangle of absolute positions; the ends are exclusive. */
export interface Rectangle {
  readonly queryStart: number;
  readonly queryEnd: number;
  readonly keyStart: number;
  readonly keyEnd: number;
}

/** Of the cells of a rectangle: all forbidden, some allowed, all allowed, or unknown without visiting them. */
export type BlockState = 0 | 1 | 2 | 3;
export const EMPTY = 0;
export const PARTIAL = 1;
export const FULL = 2;
export const UNDECIDED = 3;

/** The implementation of a mask: a predicate without argument checks, and what is known about it without visiting cells. */
export interface AttentionRule {
  readonly batch: number;
  readonly heads: number;
  readonly parts?: readonly AttentionRule[];
  allows(batch: number, head: number, query: number, key: number): boolean;
  /** Exact unless UNDECIDED; the rectangle is not empty. */
  classify(batch: number, head: number, rectangle: Rectangle): BlockState;
  /** Throws when the requested positions contradict the data of the mask. */
  fit?(operation: string, extent: Rectangle): void;
  /** The value an additive mask adds to the score; -Infinity where it forbids. */
  addend?(batch: number, head: number, query: number, key: number): number;
  /** A description of the rule at this cell that is true whether the cell is allowed or not. */
  clause(batch: number, head: number, query: number, key: number): string;
  /** The rules that forbid this cell; by default the rule itself. */
  forbidders?(batch: number, head: number, query: number, key: number): readonly AttentionRule[];
  /** The data of the rule, which must be copied before it is returned to a caller. */
  readonly json: MaskJSON;
}
