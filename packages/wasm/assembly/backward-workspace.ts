// Scratch memory of one task of the backward pass.
import { AttentionArguments, Cells, roundUp8, STRIP_BYTES } from "./attention";
import { ATTENTION_BLOCK } from "./constants";
import { place } from "./layout";
import { BLOCK_LINE } from "./tile";

/** Widths and lengths are padded with zeros to multiples of 8. */
@unmanaged
export class BackwardWorkspace {
  cells: Cells;
  headWidth: i32;
  valueWidth: i32;
  /** Packed, scaled queries and packed gradients of the output of the whole head, [strip][dim][8]. */
  queries: usize;
  gradOutputs: usize;
  /** The same as rows [query][width]; the tensors themselves when their width is a multiple of 8. */
  queryRows: usize;
  gradOutputRows: usize;
  /**
   * [query]: a weight is 4^(score - shift) · correction, in scores times log4 e. The shift is logSumExp, or the
   * largest score where its rounding matters; +Infinity when every key is forbidden.
   */
  shift: usize;
  correction: usize;
  delta: usize;
  /** [query][headWidth] */
  gradQuery: usize;
  /** Packed keys and values of a block, [key / 4][dim][4]. */
  keys: usize;
  values: usize;
  /** Keys of a block as rows [key][headWidth]. */
  keyRows: usize;
  /** [key][64]: weights and gradients of the scores. */
  weights: usize;
  gradScores: usize;
  /** [key][8]: dropout factors of a strip. */
  factors: usize;
  /** [key][8]: gradients of the weights of a strip, where they have any of their own. */
  gradWeights: usize;
  /** [key][width] */
  gradKey: usize;
  gradValue: usize;
}

/** The workspace at an address. */
export function backwardWorkspace(a: AttentionArguments, at: usize): BackwardWorkspace {
  const w = changetype<BackwardWorkspace>(at);
  w.headWidth = roundUp8(a.headDim);
  w.valueWidth = roundUp8(a.valueDim);
  layOut(at, at, a.queryLength, a.headDim, a.valueDim);
  return w;
}

/** Scratch that each thread of `attentionBackward` needs. */
export function backwardBytes(queryLength: i32, headDim: i32, valueDim: i32): f64 {
  return <f64>layOut(0, 0, queryLength, headDim, valueDim);
}

function layOut(w: usize, start: u64, queryLength: i32, headDim: i32, valueDim: i32): u64 {
  const length = <u64>roundUp8(queryLength) << 2;
  const block = <u64>ATTENTION_BLOCK << 2;
  const headWidth = roundUp8(headDim);
  const valueWidth = roundUp8(valueDim);
  let at = start + 128;
  at = place(w, offsetof<BackwardWorkspace>("cells"), at, 64);
  at = place(w, offsetof<BackwardWorkspace>("queries"), at, length * headDim);
  at = place(w, offsetof<BackwardWorkspace>("gradOutputs"), at, length * valueDim);
  at = place(w, offsetof<BackwardWorkspace>("queryRows"), at, headWidth == headDim ? 0 : length * headWidth);
  at = place(w, offsetof<BackwardWorkspace>("gradOutputRows"), at, valueWidth == valueDim ? 0 : length * valueWidth);
  at = place(w, offsetof<BackwardWorkspace>("shift"), at, length);
  at = place(w, offsetof<BackwardWorkspace>("correction"), at, length);
  at = place(w, offsetof<BackwardWorkspace>("delta"), at, length);
  at = place(w, offsetof<BackwardWorkspace>("gradQuery"), at, length * headWidth);
  at = place(w, offsetof<BackwardWorkspace>("keys"), at, block * headDim);
  at = place(w, offsetof<BackwardWorkspace>("values"), at, block * valueDim);
  at = place(w, offsetof<BackwardWorkspace>("keyRows"), at, block * headWidth);
  at = place(w, offsetof<BackwardWorkspace>("weights"), at, <usize>ATTENTION_BLOCK * BLOCK_LINE);
  at = place(w, offsetof<BackwardWorkspace>("gradScores"), at, <usize>ATTENTION_BLOCK * BLOCK_LINE);
  at = place(w, offsetof<BackwardWorkspace>("factors"), at, STRIP_BYTES);
  at = place(w, offsetof<BackwardWorkspace>("gradWeights"), at, STRIP_BYTES);
  at = place(w, offsetof<BackwardWorkspace>("gradKey"), at, block * headWidth);
  return place(w, offsetof<BackwardWorkspace>("gradValue"), at, block * valueWidth);
}
