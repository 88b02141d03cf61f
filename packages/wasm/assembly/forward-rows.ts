// The end of the forward pass: divides rows by their sums of exponentials and writes them.
import { AttentionArguments, roundUp4, STRIP } from "./attention";
import { weighRow } from "./forward-weights";
import { ForwardWorkspace } from "./forward-workspace";
import { writeRows } from "./lane-rows";
import { atLeast, fourTo, log4, LOG4_E, madd, scoreOf } from "./vector";

/** The shift that is subtracted before exp: 0 where every key so far is forbidden, because -Infinity - -Infinity is NaN. */
@inline
export function finiteShift(largest: v128): v128 {
  return v128.andnot(largest, f32x4.eq(largest, f32x4.splat(-Infinity)));
}

/** Multiplies outputs [width][8] by a factor for each of the 8 rows. */
export function scaleOutputs(outputs: usize, width: i32, factor0: v128, factor1: v128): void {
  const end = outputs + (<usize>width << 5);
  for (; outputs < end; outputs += 32) {
    v128.store(outputs, f32x4.mul(v128.load(outputs), factor0));
    v128.store(outputs, f32x4.mul(v128.load(outputs, 16), factor1), 16);
  }
}

/** Divides outputs by their sums, and writes outputs and logSumExp. */
export function finishRows(a: AttentionArguments, w: ForwardWorkspace, row: usize): void {
  const width = roundUp4(a.valueDim);
  for (let first = 0; first < w.cells.queries; first += STRIP) {
    const outputs = w.outputs + ((<usize>first * width) << 2);
    const lanes = min(STRIP, w.cells.queries - first);
    const factors = w.scores;
    for (let half: usize = 0; half < 32; half += 16) {
      const state = (<usize>first << 2) + half;
      closeRows(a, w.cells.head, v128.load(w.largest + state), v128.load(w.sums + state), factors + half, factors + 32 + half);
    }
    scaleOutputs(outputs, width, v128.load(factors), v128.load(factors, 16));
    memory.copy(a.logSumExp + ((row + first) << 2), factors + 32, <usize>lanes << 2);
    writeRows(a.output + (((row + first) * a.valueDim) << 2), <usize>a.valueDim << 2, outputs, lanes, a.valueDim);
    if (a.weights) weighRows(a, w, first, lanes, factors);
  }
}

/** Turns the scores of a strip into weights. */
function weighRows(a: AttentionArguments, w: ForwardWorkspace, first: i32, lanes: i32, factors: usize): void {
  for (let lane = 0; lane < lanes; lane++) {
    const shift = finiteShift(v128.load32_splat(w.largest + (<usize>(first + lane) << 2)));
    weighRow(a, w.cells, w.cells.queryStart + first + lane, shift, v128.load32_splat(factors + (<usize>lane << 2)));
  }
}

/** The factor of each row, 1 / sum, and its logSumExp; 0 and -Infinity where every key is forbidden. */
function closeRows(a: AttentionArguments, head: i32, largest: v128, sum: v128, factorsTo: usize, logSumExpTo: usize): void {
  const dead = f32x4.eq(sum, f32x4.splat(0));
  let top = finiteShift(largest);
  let factor = f32x4.splat(1);
  if (a.sink) {
    const sink = f32x4.splat(load<f32>(a.sink + (<usize>head << 2)) * LOG4_E);
    const both = atLeast(top, sink);
    factor = fourTo(f32x4.sub(top, both));
    sum = madd(sum, factor, fourTo(f32x4.sub(sink, both)));
    top = both;
  }
  v128.store(factorsTo, v128.andnot(f32x4.div(factor, sum), dead));
  const finite = f32x4.add(scoreOf(top), log4(sum));
  v128.store(logSumExpTo, v128.bitselect(f32x4.splat(-Infinity), v128.bitselect(sum, finite, f32x4.ne(sum, sum)), dead));
}
