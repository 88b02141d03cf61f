// Softmax over rows, and its gradient.
import { keepPart, loadPart, storePart } from "../parts";
import { RUN_BYTES, wideSum } from "../rows";
import { atLeast, exp2, EXP2_C1, EXP2_C2, EXP2_C3, EXP2_C4, EXP2_C5, EXP2_LOW, EXP2_MAGIC, horizontalMax, kept, LOG2_E, madd, zerosBefore } from "../vector";

/** x and y: [rows, columns]; `rowsPerTask` rows per task. */
@unmanaged
export class SoftmaxArguments {
  x: usize;
  y: usize;
  rows: i32;
  columns: i32;
  rowsPerTask: i32;
}

export function softmax(a: SoftmaxArguments, task: u32, thread: u32): void {
  const end = min(a.rows, <i32>(task + 1) * a.rowsPerTask);
  for (let row = <i32>task * a.rowsPerTask; row < end; row++) {
    const offset = (<usize>row * a.columns) << 2;
    softmaxRow(changetype<usize>(a), a.x + offset, a.y + offset, a.columns);
  }
}

function softmaxRow(args: usize, x: usize, y: usize, columns: i32): void {
  const move = y - x;
  const whole = x + ((<usize>columns & ~3) << 2);
  const end = x + (<usize>columns << 2);
  const largest = rowMax(x, columns);
  const largest4 = f32x4.splat(largest);
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
  let sum: f64 = 0;
  let at = x;
  while (at < whole) {
    const blockEnd = min(whole, at + RUN_BYTES);
    let sum4 = f32x4.splat(0);
    for (; at < blockEnd; at += 16) {
      const e = exp2(f32x4.mul(f32x4.sub(v128.load(at), largest4), log2e), low, magic, c5, c4, c3, c2, c1, one);
      v128.store(at + move, e);
      sum4 = f32x4.add(sum4, e);
    }
    sum += wideSum(sum4);
  }
  if (at < end) {
    const left = columns & 3;
    const e = exp2(f32x4.mul(f32x4.sub(loadPart(at, left), largest4), log2e), low, magic, c5, c4, c3, c2, c1, one);
    storePart(at + move, e, left);
    sum += wideSum(keepPart(e, left));
  }
  const factor = <f32>(1 / sum);
  const factor4 = f32x4.splat(factor);
  for (at = x + move; at < whole + move; at += 16) v128.store(at, f32x4.mul(v128.load(at), factor4));
  for (; at < end + move; at += 4) store<f32>(at, load<f32>(at) * factor);
}

/** The largest number of a row; NaN may or may not be ignored. */
export function rowMax(x: usize, columns: i32): f32 {
  const whole = x + ((<usize>columns & ~3) << 2);
  const end = x + (<usize>columns << 2);
  let a = f32x4.splat(-Infinity);
  let b = a;
  for (; x + 16 < whole; x += 32) {
    a = atLeast(v128.load(x), a);
    b = atLeast(v128.load(x, 16), b);
  }
  if (x < whole) {
    a = atLeast(v128.load(x), a);
    x += 16;
  }
  let largest = horizontalMax(atLeast(a, b));
  for (; x < end; x += 4) largest = max(largest, load<f32>(x));
  return largest;
}

/** dx = y (dy - Σ dy · y), all [rows, columns]; `rowsPerTask` rows per task. */
@unmanaged
export class SoftmaxGradArguments {
  dy: usize;
  y: usize;
  dx: usize;
  rows: i32;
  columns: i32;
  rowsPerTask: i32;
}

export function softmaxGrad(a: SoftmaxGradArguments, task: u32, thread: u32): void {
  const end = min(a.rows, <i32>(task + 1) * a.rowsPerTask);
  for (let row = <i32>task * a.rowsPerTask; row < end; row++) {
    const offset = (<usize>row * a.columns) << 2;
    softmaxGradRow(a.dy + offset, a.y + offset, a.dx + offset, a.columns);
  }
}

function softmaxGradRow(dy: usize, y: usize, dx: usize, columns: i32): void {
  const whole = (<usize>columns & ~3) << 2;
  const left = columns & 3;
  const product4 = f32x4.splat(<f32>dot(dy, y, columns));
  for (let at: usize = 0; at < whole; at += 16) {
    v128.store(dx + at, f32x4.mul(v128.load(y + at), f32x4.sub(v128.load(dy + at), product4)));
  }
  if (left) storePart(dx + whole, f32x4.mul(loadPart(y + whole, left), f32x4.sub(loadPart(dy + whole, left), product4)), left);
}

/** Σ a · b. */
function dot(a: usize, b: usize, columns: i32): f64 {
  const end = (<usize>columns & ~3) << 2;
  const left = columns & 3;
  let sum: f64 = 0;
  let at: usize = 0;
  while (at < end) {
    const blockEnd = min(end, at + RUN_BYTES);
    let even = f32x4.splat(0);
    let odd = even;
    for (; at + 16 < blockEnd; at += 32) {
      even = madd(v128.load(a + at), v128.load(b + at), even);
      odd = madd(v128.load(a + at, 16), v128.load(b + at, 16), odd);
    }
    if (at < blockEnd) {
      even = madd(v128.load(a + at), v128.load(b + at), even);
      at += 16;
    }
    sum += wideSum(f32x4.add(even, odd));
  }
  return left ? sum + wideSum(f32x4.mul(loadPart(a + at, left), loadPart(b + at, left))) : sum;
}
