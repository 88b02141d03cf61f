// Products of rows with a quantised matrix: inputs · (codes · scales + offsets)ᵀ + bias.
//
// The integers of a span are summed exactly, and spans are added in one order, so that every engine and any number of threads or
// rows gives the same bits.
import { SPAN_BYTES } from "../constants";
import { Quads4, Rows4 } from "../codes-4";
import { Quads8, Rows8 } from "../codes-8";
import { addOffsets, addSpan, QuantizedArguments, storeQuad } from "../quantized";
import { integers0, integers1, integers2, integers3 } from "../span-sums";
import { keptBytes, zerosBefore } from "../vector";

/** 8-bit codes; a task is `quadBlock` quads of outputs, for all rows. */
export function quantizedProduct8(q: QuantizedArguments, task: u32, thread: u32): void {
  products<Quads8, Rows8>(q, task);
}

/** 4-bit codes; a task is `quadBlock` quads of outputs, for all rows. */
export function quantizedProduct4(q: QuantizedArguments, task: u32, thread: u32): void {
  products<Quads4, Rows4>(q, task);
}

@inline
function products<Quads, Rows>(q: QuantizedArguments, task: u32): void {
  const first = <i32>task * q.quadBlock;
  const last = min(first + q.quadBlock, (q.columns + 3) >> 2);
  const fours = q.rows & ~3;
  for (let quad = first; quad < last; quad++) {
    for (let row = 0; row < fours; row += 4) fourProducts<Rows>(q, quad, 0, row, 1);
  }
  for (let row = fours; row < q.rows; row++) oneRow<Quads>(q, first, last, row);
}

/** One quad of each quarter at a time: from memory, different pages are read faster than adjacent bytes. */
@inline
function oneRow<Quads>(q: QuantizedArguments, first: i32, last: i32, row: i32): void {
  const quarter = (last - first) >> 2;
  for (let quad = first; quad < first + quarter; quad++) fourProducts<Quads>(q, quad, quarter, row, 0);
  for (let quad = first + 4 * quarter; quad < last; quad++) fourProducts<Quads>(q, quad, 0, row, 0); // the same quad four times
}

/** The outputs of four quads, `quadStep` apart, for one row, or of one quad for four rows. */
function fourProducts<Codes>(q: QuantizedArguments, quad: i32, quadStep: i32, row: i32, rowStep: i32): void {
  const codes = changetype<Codes>(0);
  const nibble = keptBytes(15, zerosBefore(changetype<usize>(q)));
  const span = q.span;
  const spans = q.depth / span;
  const groupLine = <usize>(spans / q.spansPerGroup) << 4;
  const groupBytes = <usize>q.spansPerGroup * SPAN_BYTES;
  const weightLine = <usize>(quadStep * q.depth) * codes.weightBytes();
  const inputLine = <usize>(rowStep * q.depth) * codes.inputBytes();
  const spanLine = <usize>(rowStep * spans) * SPAN_BYTES;
  const scaleLine = <usize>quadStep * groupLine;
  const offsetsAfter = q.offsets ? q.offsets - q.scales : 0;
  let w = q.codes + <usize>(quad * q.depth) * codes.weightBytes();
  let x = q.inputs + <usize>(row * q.depth) * codes.inputBytes();
  let at = q.spans + <usize>(row * spans) * SPAN_BYTES;
  let scales = q.scales + <usize>quad * groupLine;
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (const end = at + <usize>spans * SPAN_BYTES; at < end; scales += 16) {
    for (const groupEnd = at + groupBytes; at < groupEnd; at += SPAN_BYTES) {
      codes.addUp(w, weightLine, x, inputLine, span, nibble);
      const scale = v128.load32_splat(at);
      const correction = v128.load32_splat(at, 4);
      s0 = addSpan(s0, integers0, scale, correction, scales);
      if (codes.hasRows()) {
        s1 = addSpan(s1, integers1, v128.load32_splat(at + spanLine), v128.load32_splat(at + spanLine, 4), scales);
        s2 = addSpan(s2, integers2, v128.load32_splat(at + 2 * spanLine), v128.load32_splat(at + 2 * spanLine, 4), scales);
        s3 = addSpan(s3, integers3, v128.load32_splat(at + 3 * spanLine), v128.load32_splat(at + 3 * spanLine, 4), scales);
      } else {
        s1 = addSpan(s1, integers1, scale, correction, scales + scaleLine);
        s2 = addSpan(s2, integers2, scale, correction, scales + 2 * scaleLine);
        s3 = addSpan(s3, integers3, scale, correction, scales + 3 * scaleLine);
      }
      w += <usize>span * codes.weightBytes();
      x += <usize>span * codes.inputBytes();
    }
    if (offsetsAfter == 0) continue;
    const last = at - SPAN_BYTES;
    const offsets = scales + offsetsAfter;
    s0 = addOffsets(s0, last, offsets);
    s1 = addOffsets(s1, last + spanLine, offsets + scaleLine);
    s2 = addOffsets(s2, last + 2 * spanLine, offsets + 2 * scaleLine);
    s3 = addOffsets(s3, last + 3 * spanLine, offsets + 3 * scaleLine);
  }
  storeQuad(q, quad, row, s0);
  storeQuad(q, quad + quadStep, row + rowStep, s1);
  storeQuad(q, quad + 2 * quadStep, row + 2 * rowStep, s2);
  storeQuad(q, quad + 3 * quadStep, row + 3 * rowStep, s3);
}
