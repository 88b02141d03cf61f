// Rows of float32 numbers as integers, with a scale for each span: of 8 bits where codes have 4, and of 16 bits where codes have 8, since
// products of bytes are computed in 16 bits anyway.
import { SPAN_BYTES } from "../constants";
import { usesBytes } from "../quantized";

/** The largest integers. */
const LARGEST_8: i32 = 127;
const LARGEST_16: i32 = 32767;

/** A task is `rowsPerTask` rows. */
@unmanaged
export class QuantizeRowsArguments {
  /** [rows][depth] */
  x: usize;
  /** [rows][depth]: two bytes each, or one where `usesBytes(bits)`. */
  codes: usize;
  /** [rows][depth / span] records of `SPAN_BYTES` */
  spans: usize;
  rows: i32;
  depth: i32;
  span: i32;
  /** Bits of a code of the weights. */
  bits: i32;
  /** What such a code is too small by. */
  correction: i32;
  /** Spans that share a scale of the weights. */
  spansPerGroup: i32;
  rowsPerTask: i32;
}

export function quantizeRows(q: QuantizeRowsArguments, task: u32, thread: u32): void {
  const first = <i32>task * q.rowsPerTask;
  const rows = min(q.rowsPerTask, q.rows - first);
  const asBytes = usesBytes(q.bits);
  const limit = q.bits == 4 ? LARGEST_8 : LARGEST_16;
  const spans = rows * (q.depth / q.span);
  const start = <usize>first * q.depth;
  let x = q.x + (start << 2);
  let codes = q.codes + (asBytes ? start : start << 1);
  let at = q.spans + <usize>(first * (q.depth / q.span)) * SPAN_BYTES;
  let total: f32 = 0;
  for (let span = 0; span < spans; span++) {
    const largest = largestOf(x, q.span);
    const scale = largest / <f32>limit;
    const inverse = f32x4.splat(largest == 0 ? 0 : <f32>limit / largest);
    const sum = asBytes ? toBytes(x, codes, q.span, inverse) : toHalves(x, codes, q.span, inverse, <i16>limit);
    store<f32>(at, scale);
    store<i32>(at, sum * q.correction, 4);
    total = scale * <f32>sum + (span % q.spansPerGroup == 0 ? 0 : total);
    store<f32>(at, total, 8);
    x += <usize>q.span << 2;
    codes += asBytes ? q.span : q.span << 1;
    at += SPAN_BYTES;
  }
}

/** The largest absolute value; NaN if there is one. */
function largestOf(x: usize, count: i32): f32 {
  let largest4 = f32x4.splat(0);
  for (const end = x + (<usize>count << 2); x < end; x += 16) largest4 = f32x4.max(largest4, f32x4.abs(v128.load(x)));
  const low = max(f32x4.extract_lane(largest4, 0), f32x4.extract_lane(largest4, 1));
  return max(low, max(f32x4.extract_lane(largest4, 2), f32x4.extract_lane(largest4, 3)));
}

/** Eight integers of 16 bits, from -limit to limit. */
@inline
function eight(x: usize, inverse: v128, limit: i16): v128 {
  const first = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(x), inverse)));
  const second = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(x, 16), inverse)));
  return i16x8.max_s(i16x8.min_s(i16x8.narrow_i32x4_s(first, second), i16x8.splat(limit)), i16x8.splat(-limit));
}

function toHalves(x: usize, codes: usize, count: i32, inverse: v128, limit: i16): i32 {
  let sums = i32x4.splat(0);
  for (const end = codes + (<usize>count << 1); codes < end; codes += 16) {
    const halves = eight(x, inverse, limit);
    v128.store(codes, halves);
    sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_s(halves));
    x += 32;
  }
  return sumOf(sums);
}

function toBytes(x: usize, codes: usize, count: i32, inverse: v128): i32 {
  let sums = i32x4.splat(0);
  for (const end = codes + count; codes < end; codes += 8) {
    const halves = eight(x, inverse, <i16>LARGEST_8);
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
