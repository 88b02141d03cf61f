// Integer sums of products with quantised weights, for four outputs at a time: lane r belongs to output r of a quad.
//
// The weights of a quad are interleaved, so that 16 bytes hold four inputs of each output: byte 4 r + j is input j of output r.
// With 8 bits that is the signed code; with 4 bits the low nibble, and the high nibble is input 4 + j.
import { loadPart, storePart } from "./parts";

/** One product with quantised weights; strides in bytes. */
@unmanaged
export class QuantizedArguments {
  /** [rows][depth]: the inputs as integers of two bytes, or of one where `usesBytes(bits)`. */
  inputs: usize;
  /** [rows][depth / span] records of `SPAN_BYTES`, see quantizeRows. */
  spans: usize;
  /** [columns / 4][depth * bits / 8] words */
  codes: usize;
  /** [columns / 4][depth / span / spansPerGroup][4] */
  scales: usize;
  /** As the scales, or 0. */
  offsets: usize;
  /** [columns], or 0. */
  bias: usize;
  /** [rows][columns] */
  c: usize;
  rows: i32;
  columns: i32;
  depth: i32;
  /** Inputs that share a scale: integers are summed within a span, float32 numbers across spans. */
  span: i32;
  /** Spans that share a scale of the weights. */
  spansPerGroup: i32;
  /** Quads of a task. */
  quadBlock: i32;
}

/** Whether inputs have one byte each: where four products of bytes are one instruction, for codes below 128. */
export function usesBytes(bits: i32): bool {
  return ASC_FEATURE_RELAXED_SIMD != 0 && bits == 4;
}

/** sums + Σ inputs · weights of a span without offsets, from the sum of the products of their integers and from two numbers of the inputs. */
@inline
export function addSpan(sums: v128, integers: v128, scale: v128, correction: v128, scales: usize): v128 {
  const corrected = f32x4.convert_i32x4_s(i32x4.add(integers, correction));
  return f32x4.add(sums, f32x4.mul(corrected, f32x4.mul(scale, v128.load(scales))));
}

/** sums + Σ inputs · offsets of the group that a span ends. */
@inline
export function addOffsets(sums: v128, span: usize, offsets: usize): v128 {
  return f32x4.add(sums, f32x4.mul(v128.load32_splat(span, 8), v128.load(offsets)));
}

/** Writes the outputs of a quad for one row. */
@inline
export function storeQuad(q: QuantizedArguments, quad: i32, row: i32, sums: v128): void {
  const column = quad << 2;
  const count = min(4, q.columns - column);
  const biased = q.bias ? f32x4.add(sums, loadPart(q.bias + (<usize>column << 2), count)) : sums;
  storePart(q.c + ((<usize>row * q.columns + column) << 2), biased, count);
}
