// Products of rows with a quantised matrix: inputs · (codes · scales + offsets)ᵀ + bias.
//
// The integers of a span are summed exactly, and spans are added in one order, so that every engine and any number of threads or
// rows gives the same bits.
import { addSpan, foldPairs, QuantizedArguments, storeQuad, usesBytes } from "../quantized";
import { addHigh, addLow, Bits4, Bits8, highNibbles, inputsAt, lowNibbles, sumsOf } from "../quantized-codes";

/** 8-bit codes; a task is `quadBlock` quads of outputs, for all rows. */
export function quantizedProduct8(q: QuantizedArguments, task: u32, thread: u32): void {
  const first = <i32>task * q.quadBlock;
  const last = min(first + q.quadBlock, (q.columns + 3) >> 2);
  const fours = q.rows & ~3;
  for (let quad = first; quad < last; quad++) {
    for (let row = 0; row < fours; row += 4) fourRows8(q, quad, row);
  }
  for (let row = fours; row < q.rows; row++) oneRow<Bits8>(q, first, last, row);
}

/** 4-bit codes; a task is `quadBlock` quads of outputs, for all rows. */
export function quantizedProduct4(q: QuantizedArguments, task: u32, thread: u32): void {
  const first = <i32>task * q.quadBlock;
  const last = min(first + q.quadBlock, (q.columns + 3) >> 2);
  const fours = q.rows & ~3;
  for (let quad = first; quad < last; quad++) {
    for (let row = 0; row < fours; row += 4) fourRows4(q, quad, row);
  }
  for (let row = fours; row < q.rows; row++) oneRow<Bits4>(q, first, last, row);
}

/** One quad of each quarter at a time: from memory, different pages are read faster than adjacent bytes. */
@inline
function oneRow<Bits>(q: QuantizedArguments, first: i32, last: i32, row: i32): void {
  const quarter = (last - first) >> 2;
  for (let quad = first; quad < first + quarter; quad++) fourQuads<Bits>(q, quad, quarter, row);
  for (let quad = first + 4 * quarter; quad < last; quad++) fourQuads<Bits>(q, quad, 0, row); // the same quad four times
}

/** Four quads, `step` quads apart. */
function fourQuads<Bits>(q: QuantizedArguments, quad: i32, step: i32, row: i32): void {
  const bits = changetype<Bits>(0);
  const spans = q.depth / q.span;
  const weightLine = <usize>step * q.depth * bits.weightBytes();
  const groupLine = <usize>step * (spans / q.spansPerGroup) << 4;
  let w = q.codes + <usize>quad * q.depth * bits.weightBytes();
  let x = q.inputs + <usize>row * q.depth * bits.inputBytes();
  let at = <usize>row * spans << 2;
  let group = <usize>quad * (spans / q.spansPerGroup) << 4;
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (let span = 0; span < spans; group += 16) {
    const scales = q.scales + group;
    const offsets = q.offsets ? q.offsets + group : 0;
    const offsetLine = q.offsets ? groupLine : 0;
    for (const end = span + q.spansPerGroup; span < end; span++) {
      s0 = addSpan(q, s0, bits.integers(w, x, q.span), at, v128.load(scales), offsets);
      s1 = addSpan(q, s1, bits.integers(w + weightLine, x, q.span), at, v128.load(scales + groupLine), offsets + offsetLine);
      s2 = addSpan(q, s2, bits.integers(w + 2 * weightLine, x, q.span), at, v128.load(scales + 2 * groupLine), offsets + 2 * offsetLine);
      s3 = addSpan(q, s3, bits.integers(w + 3 * weightLine, x, q.span), at, v128.load(scales + 3 * groupLine), offsets + 3 * offsetLine);
      w += <usize>q.span * bits.weightBytes();
      x += <usize>q.span * bits.inputBytes();
      at += 4;
    }
  }
  storeQuad(q, quad, row, s0);
  storeQuad(q, quad + step, row, s1);
  storeQuad(q, quad + 2 * step, row, s2);
  storeQuad(q, quad + 3 * step, row, s3);
}

function fourRows8(q: QuantizedArguments, quad: i32, row: i32): void {
  const spans = q.depth / q.span;
  const line = <usize>q.depth << 1;
  let w = q.codes + (<usize>quad * q.depth << 2);
  let x0 = q.inputs + <usize>row * line;
  let x1 = x0 + line;
  let x2 = x1 + line;
  let x3 = x2 + line;
  const stride = <usize>spans << 2;
  let at = <usize>row * stride;
  let group = <usize>quad * (spans / q.spansPerGroup) << 4;
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (let span = 0; span < spans; group += 16) {
    const scales = v128.load(q.scales + group);
    const offsets = q.offsets ? q.offsets + group : 0;
    for (const end = span + q.spansPerGroup; span < end; span++) {
      let low0 = i32x4.splat(0);
      let high0 = low0;
      let low1 = low0;
      let high1 = low0;
      let low2 = low0;
      let high2 = low0;
      let low3 = low0;
      let high3 = low0;
      for (const stop = x0 + (<usize>q.span << 1); x0 < stop; x0 += 8) {
        const weights = v128.load(w);
        const low = i16x8.extend_low_i8x16_s(weights);
        const high = i16x8.extend_high_i8x16_s(weights);
        const y0 = v128.load64_splat(x0);
        low0 = i32x4.add(low0, i32x4.dot_i16x8_s(low, y0));
        high0 = i32x4.add(high0, i32x4.dot_i16x8_s(high, y0));
        const y1 = v128.load64_splat(x1);
        low1 = i32x4.add(low1, i32x4.dot_i16x8_s(low, y1));
        high1 = i32x4.add(high1, i32x4.dot_i16x8_s(high, y1));
        const y2 = v128.load64_splat(x2);
        low2 = i32x4.add(low2, i32x4.dot_i16x8_s(low, y2));
        high2 = i32x4.add(high2, i32x4.dot_i16x8_s(high, y2));
        const y3 = v128.load64_splat(x3);
        low3 = i32x4.add(low3, i32x4.dot_i16x8_s(low, y3));
        high3 = i32x4.add(high3, i32x4.dot_i16x8_s(high, y3));
        w += 16;
        x1 += 8;
        x2 += 8;
        x3 += 8;
      }
      s0 = addSpan(q, s0, foldPairs(low0, high0), at, scales, offsets);
      s1 = addSpan(q, s1, foldPairs(low1, high1), at + stride, scales, offsets);
      s2 = addSpan(q, s2, foldPairs(low2, high2), at + 2 * stride, scales, offsets);
      s3 = addSpan(q, s3, foldPairs(low3, high3), at + 3 * stride, scales, offsets);
      at += 4;
    }
  }
  storeQuad(q, quad, row, s0);
  storeQuad(q, quad, row + 1, s1);
  storeQuad(q, quad, row + 2, s2);
  storeQuad(q, quad, row + 3, s3);
}

function fourRows4(q: QuantizedArguments, quad: i32, row: i32): void {
  const spans = q.depth / q.span;
  const four: usize = usesBytes(4) ? 4 : 8;
  const line = <usize>q.depth * (four >> 2);
  let w = q.codes + (<usize>quad * q.depth << 1);
  let x0 = q.inputs + <usize>row * line;
  let x1 = x0 + line;
  let x2 = x1 + line;
  let x3 = x2 + line;
  const stride = <usize>spans << 2;
  let at = <usize>row * stride;
  let group = <usize>quad * (spans / q.spansPerGroup) << 4;
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (let span = 0; span < spans; group += 16) {
    const scales = v128.load(q.scales + group);
    const offsets = q.offsets ? q.offsets + group : 0;
    for (const end = span + q.spansPerGroup; span < end; span++) {
      let low0 = i32x4.splat(0);
      let high0 = low0;
      let low1 = low0;
      let high1 = low0;
      let low2 = low0;
      let high2 = low0;
      let low3 = low0;
      let high3 = low0;
      for (const stop = w + (<usize>q.span << 1); w < stop; w += 16) {
        const weights = v128.load(w);
        const first = lowNibbles(weights);
        const second = highNibbles(weights);
        const y00 = inputsAt(x0);
        const y01 = inputsAt(x0 + four);
        low0 = addLow(addLow(low0, first, y00), second, y01);
        high0 = addHigh(addHigh(high0, first, y00), second, y01);
        const y10 = inputsAt(x1);
        const y11 = inputsAt(x1 + four);
        low1 = addLow(addLow(low1, first, y10), second, y11);
        high1 = addHigh(addHigh(high1, first, y10), second, y11);
        const y20 = inputsAt(x2);
        const y21 = inputsAt(x2 + four);
        low2 = addLow(addLow(low2, first, y20), second, y21);
        high2 = addHigh(addHigh(high2, first, y20), second, y21);
        const y30 = inputsAt(x3);
        const y31 = inputsAt(x3 + four);
        low3 = addLow(addLow(low3, first, y30), second, y31);
        high3 = addHigh(addHigh(high3, first, y30), second, y31);
        x0 += 2 * four;
        x1 += 2 * four;
        x2 += 2 * four;
        x3 += 2 * four;
      }
      s0 = addSpan(q, s0, sumsOf(low0, high0), at, scales, offsets);
      s1 = addSpan(q, s1, sumsOf(low1, high1), at + stride, scales, offsets);
      s2 = addSpan(q, s2, sumsOf(low2, high2), at + 2 * stride, scales, offsets);
      s3 = addSpan(q, s3, sumsOf(low3, high3), at + 3 * stride, scales, offsets);
      at += 4;
    }
  }
  storeQuad(q, quad, row, s0);
  storeQuad(q, quad, row + 1, s1);
  storeQuad(q, quad, row + 2, s2);
  storeQuad(q, quad, row + 3, s3);
}
