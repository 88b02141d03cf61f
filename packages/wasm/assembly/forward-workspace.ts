// Scratch memory of one task of the forward pass.
import { AttentionArguments, Cells, roundUp4, STRIP_BYTES } from "./attention";
import { ATTENTION_BLOCK } from "./constants";
import { place } from "./layout";

@unmanaged
export class ForwardWorkspace {
  cells: Cells;
  /** [strip][headDim][8] */
  queries: usize;
  /** [key][value width rounded up to 4], only when the width is not a multiple of 4 */
  values: usize;
  /** [key][8] */
  scores: usize;
  /** [strip][value width rounded up to 4][8] */
  outputs: usize;
  /** [strip][8]: the largest score so far, and the sum of exponentials relative to it */
  largest: usize;
  sums: usize;
}

/** The workspace at an address. */
export function forwardWorkspace(a: AttentionArguments, at: usize): ForwardWorkspace {
  layOut(at, at, a.headDim, a.valueDim);
  return changetype<ForwardWorkspace>(at);
}

/** Scratch that each thread of `attentionForward` needs. */
export function forwardBytes(headDim: i32, valueDim: i32): f64 {
  return <f64>layOut(0, 0, headDim, valueDim);
}

function layOut(w: usize, start: u64, headDim: i32, valueDim: i32): u64 {
  const width = roundUp4(valueDim);
  let at = start + 64;
  at = place(w, offsetof<ForwardWorkspace>("cells"), at, 64);
  at = place(w, offsetof<ForwardWorkspace>("queries"), at, <u64>ATTENTION_BLOCK * headDim << 2);
  at = place(w, offsetof<ForwardWorkspace>("values"), at, <u64>ATTENTION_BLOCK * width << 2);
  at = place(w, offsetof<ForwardWorkspace>("scores"), at, STRIP_BYTES);
  at = place(w, offsetof<ForwardWorkspace>("outputs"), at, <u64>ATTENTION_BLOCK * width << 2);
  at = place(w, offsetof<ForwardWorkspace>("largest"), at, ATTENTION_BLOCK * 4);
  return place(w, offsetof<ForwardWorkspace>("sums"), at, ATTENTION_BLOCK * 4);
}
