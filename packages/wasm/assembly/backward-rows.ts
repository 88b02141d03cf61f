// Per-head preparation of the backward pass: queries, gradients of outputs, logSumExp and delta.
import { AttentionArguments, packQueries, roundUp8, scoreStrip, STRIP } from "./attention";
import { ATTENTION_BLOCK } from "./constants";
import { enterBlock, packKeys } from "./backward-blocks";
import { BackwardWorkspace } from "./backward-workspace";
import { dot } from "./dots";
import { pack } from "./pack";
import { BLOCK_LINE } from "./tile";
import { finiteShift } from "./forward-rows";
import { atLeast, fourTo, LOG4_E } from "./vector";

/** Packs what every block of keys needs: queries, gradients of outputs, logSumExp and delta; sets dQ to 0. */
export function prepareQueries(a: AttentionArguments, w: BackwardWorkspace, map: i32): void {
  const row = <usize>map * a.queryLength;
  const query = a.query + (row * a.headDim << 2);
  const gradOutput = a.gradOutput + (row * a.valueDim << 2);
  packQueries(a, w.queries, query, a.queryLength);
  pack(w.gradOutputs, gradOutput, a.queryLength, a.valueDim, <usize>a.valueDim << 2, 4, STRIP);
  w.queryRows = rowsOf(w.queryRows, query, a.queryLength, a.headDim, w.headWidth);
  w.gradOutputRows = rowsOf(w.gradOutputRows, gradOutput, a.queryLength, a.valueDim, w.valueWidth);
  memory.fill(w.gradQuery, 0, <usize>roundUp8(a.queryLength) * w.headWidth << 2);
  let rounded = false;
  for (let q = 0; q < a.queryLength; q++) if (prepareRow(a, w, row, q)) rounded = true;
  for (let q = a.queryLength; q < roundUp8(a.queryLength); q++) closeRow(w, q, Infinity, 1, 0);
  if (rounded) correctRows(a, w, row);
  if (a.gradSink) store<f32>(a.gradSink + (<usize>map << 2), gradSink(a, w, row));
}

/** Above this |logSumExp| its rounding error is visible in the weights, and each row is summed again. */
const ROUNDED: f32 = 32;

/** Rows of a multiple of 8 numbers: the rows themselves, or a copy padded with zeros. */
export function rowsOf(to: usize, from: usize, rows: i32, columns: i32, width: i32): usize {
  if (columns == width) return from;
  memory.fill(to, 0, <usize>rows * width << 2);
  copyRows(to, width, from, columns, rows);
  return to;
}

export function copyRows(to: usize, toWidth: i32, from: usize, fromWidth: i32, rows: i32): void {
  const bytes = <usize>min(toWidth, fromWidth) << 2;
  for (let row = 0; row < rows; row++) {
    memory.copy(to, from, bytes);
    to += <usize>toWidth << 2;
    from += <usize>fromWidth << 2;
  }
}

/** Stores shift and delta of a query; returns whether the rounding of its logSumExp is visible. */
function prepareRow(a: AttentionArguments, w: BackwardWorkspace, row: usize, q: i32): bool {
  const at = (row + q) << 2;
  const logSumExp = load<f32>(a.logSumExp + at);
  const dead = logSumExp == -Infinity;
  closeRow(w, q, dead ? Infinity : logSumExp * LOG4_E, 1, dead ? 0 : deltaOf(a, at));
  return !dead && abs(logSumExp) > ROUNDED;
}

/** The mean gradient of the weights of a row, less the gradient of its logSumExp. */
function deltaOf(a: AttentionArguments, at: usize): f32 {
  const outputs = dot(a.gradOutput + at * a.valueDim, a.output + at * a.valueDim, <usize>a.valueDim << 2);
  const weights = a.gradWeights ? dot(a.gradWeights + at * a.keyLength, a.weights + at * a.keyLength, <usize>a.keyLength << 2) : <f32>0;
  return outputs + weights - load<f32>(a.gradLogSumExp + at);
}

@inline
function closeRow(w: BackwardWorkspace, q: i32, shift: f32, correction: f32, delta: f32): void {
  store<f32>(w.shift + (<usize>q << 2), shift);
  store<f32>(w.correction + (<usize>q << 2), correction);
  store<f32>(w.delta + (<usize>q << 2), delta);
}

/** The weight of the sink in a row, before its correction. */
@inline
function sinkShare(a: AttentionArguments, w: BackwardWorkspace, q: i32): f32 {
  const sink = load<f32>(a.sink + (<usize>w.cells.head << 2)) * LOG4_E;
  return f32x4.extract_lane(fourTo(f32x4.splat(sink - load<f32>(w.shift + (<usize>q << 2)))), 0);
}

function gradSink(a: AttentionArguments, w: BackwardWorkspace, row: usize): f32 {
  let sum: f64 = 0;
  for (let q = 0; q < a.queryLength; q++) {
    const at = <usize>q << 2;
    sum -= <f64>(sinkShare(a, w, q) * load<f32>(w.correction + at) * load<f32>(w.delta + at));
  }
  return <f32>sum;
}

/** Computes the largest score of each row, the sink included, and the sum of its weights: an online softmax as in the forward pass. */
function correctRows(a: AttentionArguments, w: BackwardWorkspace, row: usize): void {
  const cells = w.cells;
  const start: f32 = a.sink ? load<f32>(a.sink + (<usize>cells.head << 2)) * LOG4_E : -Infinity;
  for (let q = 0; q < roundUp8(a.queryLength); q++) {
    store<f32>(w.shift + (<usize>q << 2), start);
    store<f32>(w.correction + (<usize>q << 2), start == -Infinity ? 0 : 1);
  }
  for (let keyBlock = 0; keyBlock * ATTENTION_BLOCK < a.keyLength; keyBlock++) {
    packKeys(a, w, keyBlock);
    for (let queryBlock = 0; queryBlock * ATTENTION_BLOCK < a.queryLength; queryBlock++) {
      if (!enterBlock(a, cells, queryBlock, keyBlock)) continue;
      for (let strip = 0; strip << 3 < cells.queries; strip++) addWeights(a, w, strip);
    }
  }
  for (let q = 0; q < roundUp8(a.queryLength); q++) {
    const at = <usize>q << 2;
    const sum = load<f32>(w.correction + at);
    const live = q < a.queryLength && load<f32>(a.logSumExp + ((row + q) << 2)) != -Infinity && sum != 0;
    if (!live) store<f32>(w.shift + at, Infinity);
    store<f32>(w.correction + at, live ? <f32>1 / sum : <f32>1);
  }
}

function addWeights(a: AttentionArguments, w: BackwardWorkspace, strip: i32): void {
  const first = <usize>(w.cells.queryStart + strip * STRIP);
  scoreStrip(a, w.cells, strip, w.keys, w.queries + (first * a.headDim << 2), w.weights, BLOCK_LINE);
  for (let half: usize = 0; half < 32; half += 16) {
    const state = (first << 2) + half;
    const scores = w.weights + half;
    const end = scores + <usize>w.cells.keys * BLOCK_LINE;
    const before = v128.load(w.shift + state);
    let largest = before;
    for (let at = scores; at < end; at += BLOCK_LINE) largest = atLeast(v128.load(at), largest);
    const shift = finiteShift(largest);
    let sum = f32x4.mul(v128.load(w.correction + state), fourTo(f32x4.sub(before, shift)));
    for (let at = scores; at < end; at += BLOCK_LINE) sum = f32x4.add(sum, fourTo(f32x4.sub(v128.load(at), shift)));
    v128.store(w.shift + state, largest);
    v128.store(w.correction + state, sum);
  }
}
