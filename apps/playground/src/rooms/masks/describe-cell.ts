import type { MaskPartName } from "../../reading/mask-of.js";
import type { MaskSpec } from "../../reading/mask-spec.js";
import type { TokenView } from "../../reading/readings.js";
import type { Cell } from "../../ui/cell.js";
import { describeToken } from "../../ui/format.js";
import { forbiddenBy, reasonsOf } from "./explain-pair.js";
import { cellStates, type MaskPicture } from "./mask-picture.js";

/** A drawn cell in words. */
export interface CellWords {
  /** What it stands for: a pair of tokens, or many pairs. */
  readonly pair: string;
  readonly verdict: string;
  /** Why it is hidden, one clause for each part that hides it. */
  readonly reasons: readonly string[];
}

/** Describes a drawn cell, given by its row and column. */
export function describeCell(picture: MaskPicture, mask: MaskSpec, tokens: readonly TokenView[], cell: Cell): CellWords {
  const { pool, states, size } = picture;
  const state = states[cell.query * size + cell.key];
  const forbidding = state === cellStates.none ? forbiddenBy(picture, cell) : [];
  if (pool > 1) return { pair: rangeWords(picture, cell), verdict: poolVerdict(state), reasons: poolReasons(state, forbidding) };
  const pair = `${describeToken(tokens[cell.query]?.text ?? "", cell.query)} → ${describeToken(tokens[cell.key]?.text ?? "", cell.key)}`;
  return { pair, verdict: state === cellStates.none ? "hidden" : "visible", reasons: reasonsOf(forbidding, mask, cell) };
}

function rangeWords({ pool, length }: MaskPicture, { query, key }: Cell): string {
  const range = (index: number): string => `${index * pool} to ${Math.min(length, (index + 1) * pool) - 1}`;
  return `queries ${range(query)} → keys ${range(key)}`;
}

function poolVerdict(state: number | undefined): string {
  if (state === cellStates.none) return "all pairs are hidden";
  return state === cellStates.all ? "all pairs are visible" : "some pairs are visible";
}

/** A square of pairs may be hidden by several parts together, none of which hides all of it. */
function poolReasons(state: number | undefined, parts: readonly MaskPartName[]): string[] {
  if (state !== cellStates.none) return [];
  return parts.length === 0 ? ["each pair is hidden by one part or another"] : parts.map((part) => partWords[part]);
}

const partWords = {
  order: "all of the keys come later, and causal attention looks only back",
  window: "all of the keys are outside the window",
  padding: "all of the keys are padding",
  documents: "all of the keys belong to other documents",
} as const;
