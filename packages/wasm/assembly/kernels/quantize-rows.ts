// Rows of float32 numbers as integers of at most 127, with a scale for each span.
import { usesBytes } from "../quantized";

/** A task is `rowsPerTask` rows. */
@unmanaged
export class QuantizeRowsArguments {
  /** [rows][depth] */
  x: usize;
  /** [rows][depth]: two bytes each, or one where `usesBytes(bits)`. */
  codes: usize;
  /** [rows][depth / span] */
  scales: usize;
  /** [rows][depth / span]: the sum of the integers of each span. */
  sums: usize;
  rows: i32;
  depth: i32;
  span: i32;
  bits: i32;
  rowsPerTask: i32;
}

export function quantizeRows(q: QuantizeRowsArguments, task: u32, thread: u32): void {
  const first = <i32>task * q.rowsPerTask;
  const rows = min(q.rowsPerTask, q.rows - first);
  const asBytes = usesBytes(q.bits);
  const spans = rows * (q.depth / q.span);
  const start = <usize>first * q.depth;
  let x = q.x + (start << 2);
  let codes = q.codes + (asBytes ? start : start << 1);
  let at = <usize>first * (q.depth / q.span) << 2;
  for (let span = 0; span < spans; span++) {
    const largest = largestOf(x, q.span);
    store<f32>(q.scales + at, largest / 127);
    const inverse = f32x4.splat(largest == 0 ? 0 : 127 / largest);
    store<i32>(q.sums + at, asBytes ? toBytes(x, codes, q.span, inverse) : toHalves(x, codes, q.span, inverse));
    x += <usize>q.span << 2;
    codes += asBytes ? q.span : q.span << 1;
    at += 4;
  }
}

/** The largest absolute value; NaN if there is one. */
function largestOf(x: usize, count: i32): f32 {
  let largest4 = f32x4.splat(0);
  for (const end = x + (<usize>count << 2); x < end; x += 16) largest4 = f32x4.max(largest4, f32x4.abs(v128.load(x)));
  const low = max(f32x4.extract_lane(largest4, 0), f32x4.extract_lane(largest4, 1));
  return max(low, max(f32x4.extract_lane(largest4, 2), f32x4.extract_lane(largest4, 3)));
}

/** Eight integers of 16 bits. */
@inline
function eight(x: usize, inverse: v128): v128 {
  const first = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(x), inverse)));
  const second = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(x, 16), inverse)));
  const limit = i16x8.splat(127);
  return i16x8.max_s(i16x8.min_s(i16x8.narrow_i32x4_s(first, second), limit), i16x8.splat(-127));
}

function toHalves(x: usize, codes: usize, count: i32, inverse: v128): i32 {
  let sums = i32x4.splat(0);
  for (const end = codes + (<usize>count << 1); codes < end; codes += 16) {
    const halves = eight(x, inverse);
    v128.store(codes, halves);
    sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_s(halves));
    x += 32;
  }
  return sumOf(sums);
}

function toBytes(x: usize, codes: usize, count: i32, inverse: v128): i32 {
  let sums = i32x4.splat(0);
  for (const end = codes + count; codes < end; codes += 8) {
    const halves = eight(x, inverse);
    v128.store64_lane(codes, i8x16.narrow_i16x8_s(halves, halves), 0);
    sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_s(halves));
    x += 32;
  }
  return sumOf(sums);
}

@inline
function sumOf(sums: v128): i32 {
  return (
    i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1) + (i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3))
  );
}
