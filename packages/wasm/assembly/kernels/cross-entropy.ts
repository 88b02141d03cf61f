// Cross-entropy of rows of logits with integer labels, and its gradient.
import { logarithm } from "../exponential";
import { keepPart, loadPart, storePart } from "../parts";
import { RUN_BYTES, wideSum } from "../rows";
import { exp2, EXP2_C1, EXP2_C2, EXP2_C3, EXP2_C4, EXP2_C5, EXP2_LOW, EXP2_MAGIC, kept, LOG2_E, madd, zerosBefore } from "../vector";
import { rowMax } from "./softmax";

/** logits: [rows, columns]; labels, loss and logSumExp: [rows]; `rowsPerTask` rows per task. */
@unmanaged
export class CrossEntropyArguments {
  logits: usize;
  labels: usize;
  loss: usize;
  logSumExp: usize;
  rows: i32;
  columns: i32;
  rowsPerTask: i32;
  ignoreIndex: i32;
  smoothing: f32;
}

export function crossEntropy(a: CrossEntropyArguments, task: u32, thread: u32): void {
  const end = min(a.rows, <i32>(task + 1) * a.rowsPerTask);
  for (let row = <usize>(<i32>task * a.rowsPerTask); <i32>row < end; row++) {
    const logits = a.logits + row * a.columns * 4;
    const largest = rowMax(logits, a.columns);
    const excess = logarithmOf(sumExp(changetype<usize>(a), logits, a.columns, largest));
    store<f32>(a.logSumExp + row * 4, <f32>(<f64>largest + excess));
    const label = load<i32>(a.labels + row * 4);
    store<f32>(a.loss + row * 4, label == a.ignoreIndex ? 0 : <f32>lossOf(a, logits, <usize>label, largest, excess));
  }
}

/** NaN for NaN. */
@inline
function logarithmOf(sum: f64): f64 {
  return sum > 0 && sum < Infinity ? logarithm(sum) : sum == 0 ? -Infinity : sum;
}

/**
 * logSumExp - (1 - smoothing) · logit of the label - smoothing · mean logit, all relative to the largest logit, in which the
 * excess of logSumExp over it would vanish.
 */
function lossOf(a: CrossEntropyArguments, logits: usize, label: usize, largest: f32, excess: f64): f64 {
  const own = excess - (<f64>load<f32>(logits + label * 4) - <f64>largest);
  if (a.smoothing == 0) return own;
  const smoothing = <f64>a.smoothing;
  return (1 - smoothing) * own + smoothing * (excess - sum(logits, a.columns, largest) / a.columns);
}

/** Σ (x - shift), in float32 by runs, or in float64 where a run overflows. */
function sum(x: usize, columns: i32, shift: f32): f64 {
  const total = sumRuns(x, columns, shift);
  return abs(total) < Infinity ? total : sumWide(x, columns, shift);
}

function sumWide(x: usize, columns: i32, shift: f32): f64 {
  let total: f64 = 0;
  for (const end = x + (<usize>columns << 2); x < end; x += 4) total += <f64>load<f32>(x) - <f64>shift;
  return total;
}

function sumRuns(x: usize, columns: i32, shift: f32): f64 {
  const shift4 = f32x4.splat(shift);
  const end = x + (<usize>columns << 2);
  let total: f64 = 0;
  while (x < end) {
    const whole = x + (min(RUN_BYTES, end - x) & ~15);
    let sum4 = f32x4.splat(0);
    for (; x < whole; x += 16) sum4 = f32x4.add(sum4, f32x4.sub(v128.load(x), shift4));
    if (end - x < 16 && x < end) {
      const left = <i32>((end - x) >> 2);
      sum4 = f32x4.add(sum4, keepPart(f32x4.sub(loadPart(x, left), shift4), left));
      x = end;
    }
    total += wideSum(sum4);
  }
  return total;
}

/** Σ exp(x - shift). */
function sumExp(args: usize, x: usize, columns: i32, shift: f32): f64 {
  const end = x + (<usize>columns << 2);
  const shift4 = f32x4.splat(shift);
  const zeros = zerosBefore(args);
  const low = kept(EXP2_LOW, zeros);
  const magic = kept(EXP2_MAGIC, zeros);
  const c5 = kept(EXP2_C5, zeros);
  const c4 = kept(EXP2_C4, zeros);
  const c3 = kept(EXP2_C3, zeros);
  const c2 = kept(EXP2_C2, zeros);
  const c1 = kept(EXP2_C1, zeros);
  const one = kept(1, zeros);
  const log2e = kept(LOG2_E, zeros);
  let total: f64 = 0;
  while (x < end) {
    const whole = x + (min(RUN_BYTES, end - x) & ~15);
    let sum4 = f32x4.splat(0);
    for (; x < whole; x += 16) {
      const exponent = f32x4.mul(f32x4.sub(v128.load(x), shift4), log2e);
      sum4 = f32x4.add(sum4, exp2(exponent, low, magic, c5, c4, c3, c2, c1, one));
    }
    if (end - x < 16 && x < end) {
      const left = <i32>((end - x) >> 2);
      const exponent = f32x4.mul(f32x4.sub(loadPart(x, left), shift4), log2e);
      sum4 = f32x4.add(sum4, keepPart(exp2(exponent, low, magic, c5, c4, c3, c2, c1, one), left));
      x = end;
    }
    total += wideSum(sum4);
  }
  return total;
}

/** dloss, dlogSumExp, labels and logSumExp: [rows]; logits and dlogits: [rows, columns]; `rowsPerTask` rows per task. */
@unmanaged
export class CrossEntropyGradArguments {
  dloss: usize;
  dlogSumExp: usize;
  logits: usize;
  labels: usize;
  logSumExp: usize;
  dlogits: usize;
  rows: i32;
  columns: i32;
  rowsPerTask: i32;
  ignoreIndex: i32;
  smoothing: f32;
}

export function crossEntropyGrad(a: CrossEntropyGradArguments, task: u32, thread: u32): void {
  const end = min(a.rows, <i32>(task + 1) * a.rowsPerTask);
  for (let row = <usize>(<i32>task * a.rowsPerTask); <i32>row < end; row++) crossEntropyGradRow(a, row);
}

/** (dloss + dlogSumExp) · softmax - dloss · target, where the target is 1 - smoothing at the label + smoothing / columns. */
function crossEntropyGradRow(a: CrossEntropyGradArguments, row: usize): void {
  const logits = a.logits + row * a.columns * 4;
  const dlogits = a.dlogits + row * a.columns * 4;
  const label = load<i32>(a.labels + row * 4);
  const ignored = label == a.ignoreIndex;
  const dloss: f32 = ignored ? 0 : load<f32>(a.dloss + row * 4);
  const upstream = dloss + load<f32>(a.dlogSumExp + row * 4);
  if (ignored && upstream == 0) {
    memory.fill(dlogits, 0, <usize>a.columns << 2);
    return;
  }
  const logSumExp = load<f32>(a.logSumExp + row * 4);
  const spread = dloss * a.smoothing / <f32>a.columns;
  const factor = <f32>(<f64>upstream * correction(changetype<usize>(a), logits, a.columns, logSumExp));
  scaledSoftmax(changetype<usize>(a), logits, dlogits, a.columns, logSumExp, factor, -spread);
  if (ignored) return;
  const at = dlogits + <usize>label * 4;
  store<f32>(at, load<f32>(at) - dloss * (1 - a.smoothing));
}

/** 1 / Σ exp(x - logSumExp), which is not 1 when the float32 rounding of a large logSumExp is visible. */
@inline
function correction(args: usize, logits: usize, columns: i32, logSumExp: f32): f64 {
  return abs(logSumExp) <= 8 ? 1 : 1 / sumExp(args, logits, columns, logSumExp);
}

/** y = exp(x - shift) · factor + offset. */
function scaledSoftmax(args: usize, x: usize, y: usize, columns: i32, shift: f32, factor: f32, offset: f32): void {
  const whole = (<usize>columns & ~3) << 2;
  const shift4 = f32x4.splat(shift);
  const factor4 = f32x4.splat(factor);
  const offset4 = f32x4.splat(offset);
  const zeros = zerosBefore(args);
  const low = kept(EXP2_LOW, zeros);
  const magic = kept(EXP2_MAGIC, zeros);
  const c5 = kept(EXP2_C5, zeros);
  const c4 = kept(EXP2_C4, zeros);
  const c3 = kept(EXP2_C3, zeros);
  const c2 = kept(EXP2_C2, zeros);
  const c1 = kept(EXP2_C1, zeros);
  const one = kept(1, zeros);
  const log2e = kept(LOG2_E, zeros);
  for (let at: usize = 0; at < whole; at += 16) {
    const exponent = f32x4.mul(f32x4.sub(v128.load(x + at), shift4), log2e);
    v128.store(y + at, madd(exp2(exponent, low, magic, c5, c4, c3, c2, c1, one), factor4, offset4));
  }
  const left = columns & 3;
  if (left == 0) return;
  const exponent = f32x4.mul(f32x4.sub(loadPart(x + whole, left), shift4), log2e);
  storePart(y + whole, madd(exp2(exponent, low, magic, c5, c4, c3, c2, c1, one), factor4, offset4), left);
}
