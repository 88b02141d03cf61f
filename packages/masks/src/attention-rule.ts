import type { MaskJSON } from "./mask.js";

/** A rectangle of absolute positions; the ends are exclusive. */
export interface Rectangle {
  readonly queryStart: number;
  readonly queryEnd: number;
  readonly keyStart: number;
  readonly keyEnd: number;
}

/** All cells of a rectangle forbidden, some allowed, all allowed, or only the cells can tell. */
export type BlockState = 0 | 1 | 2 | 3;
export const EMPTY = 0;
export const PARTIAL = 1;
export const FULL = 2;
export const UNDECIDED = 3;

/** What a mask is made of: the unchecked predicate and what can be said about it without visiting cells. */
export interface AttentionRule {
  readonly batch: number;
  readonly heads: number;
  readonly parts?: readonly AttentionRule[];
  allows(batch: number, head: number, query: number, key: number): boolean;
  /** Exact unless UNDECIDED; the rectangle is not empty. */
  classify(batch: number, head: number, rectangle: Rectangle): BlockState;
  /** Throws when the positions asked for contradict the data. */
  fit?(operation: string, extent: Rectangle): void;
  /** The value an additive mask adds to the score; -Infinity where it forbids. */
  addend?(batch: number, head: number, query: number, key: number): number;
  /** The rule at this cell, in words that hold whether it allows or not. */
  clause(batch: number, head: number, query: number, key: number): string;
  /** Who forbids this cell; the rule itself when left out. */
  forbidders?(batch: number, head: number, query: number, key: number): readonly AttentionRule[];
  /** Its own data: copy before handing out. */
  readonly json: MaskJSON;
}
