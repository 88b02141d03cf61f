// Integer sums of products with codes of 4 bits, see span-sums.ts.
import { addPairs, foldPairs, setIntegers } from "./span-sums";

/** Four inputs, for each output of a quad. */
@inline
function fourInputs(x: usize): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? v128.load32_splat(x) : v128.load64_splat(x);
}

/** The four after them. */
@inline
function nextInputs(x: usize): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? v128.load32_splat(x, 4) : v128.load64_splat(x, 8);
}

/**
 * sums + products of 16 codes below 16, four of each output, with four inputs. With inputs of one byte, pairs are added in 16 bits: those of
 * a span of 32 inputs are at most 8 · 2 · 15 · 127 = 30480. Otherwise in 32 bits, and these are the products of the first two outputs.
 */
@inline
function addLow(sums: v128, codes: v128, x: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return i16x8.add(sums, i16x8.relaxed_dot_i8x16_i7x16_s(x, codes));
  return addPairs(sums, i16x8.extend_low_i8x16_u(codes), x);
}

/** The same for the other two outputs. */
@inline
function addHigh(sums: v128, codes: v128, x: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return sums;
  return addPairs(sums, i16x8.extend_high_i8x16_u(codes), x);
}

/** sums + products of 32 codes, eight of each output, with eight inputs of one byte. */
@inline
function addEight(sums: v128, codes: v128, nibble: v128, x: v128, y: v128): v128 {
  return addLow(addLow(sums, v128.and(codes, nibble), x), v128.and(i16x8.shr_u(codes, 4), nibble), y);
}

/** The sums of the outputs of a quad. */
@inline
function sumsOf(low: v128, high: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? i32x4.extadd_pairwise_i16x8_s(low) : foldPairs(low, high);
}

@unmanaged
class Codes4 {
  /** Bytes of the codes of a quad for one input. */
  @inline
  weightBytes(): usize {
    return 2;
  }

  @inline
  inputBytes(): usize {
    return ASC_FEATURE_RELAXED_SIMD ? 1 : 2;
  }
}

/** Codes of 4 bits, of four quads, for one row. */
@unmanaged
@final
export class Quads4 extends Codes4 {
  @inline
  hasRows(): bool {
    return false;
  }

  @inline
  addUp(w: usize, weightLine: usize, x: usize, inputLine: usize, span: i32, nibble: v128): void {
    if (ASC_FEATURE_RELAXED_SIMD) this.addBytes(w, weightLine, x, span, nibble);
    else this.addHalves(w, weightLine, x, span, nibble);
  }

  /** Inputs of one byte. A loop over the vectors of a quad is slower. */
  @inline
  addBytes(w0: usize, weightLine: usize, x: usize, span: i32, nibble: v128): void {
    const w1 = w0 + weightLine;
    const w2 = w1 + weightLine;
    const w3 = w2 + weightLine;
    let s0 = i16x8.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    const y0 = v128.load32_splat(x);
    const z0 = v128.load32_splat(x, 4);
    s0 = addEight(s0, v128.load(w0), nibble, y0, z0);
    s1 = addEight(s1, v128.load(w1), nibble, y0, z0);
    s2 = addEight(s2, v128.load(w2), nibble, y0, z0);
    s3 = addEight(s3, v128.load(w3), nibble, y0, z0);
    const y1 = v128.load32_splat(x, 8);
    const z1 = v128.load32_splat(x, 12);
    s0 = addEight(s0, v128.load(w0, 16), nibble, y1, z1);
    s1 = addEight(s1, v128.load(w1, 16), nibble, y1, z1);
    s2 = addEight(s2, v128.load(w2, 16), nibble, y1, z1);
    s3 = addEight(s3, v128.load(w3, 16), nibble, y1, z1);
    if (span == 32) {
      const y2 = v128.load32_splat(x, 16);
      const z2 = v128.load32_splat(x, 20);
      s0 = addEight(s0, v128.load(w0, 32), nibble, y2, z2);
      s1 = addEight(s1, v128.load(w1, 32), nibble, y2, z2);
      s2 = addEight(s2, v128.load(w2, 32), nibble, y2, z2);
      s3 = addEight(s3, v128.load(w3, 32), nibble, y2, z2);
      const y3 = v128.load32_splat(x, 24);
      const z3 = v128.load32_splat(x, 28);
      s0 = addEight(s0, v128.load(w0, 48), nibble, y3, z3);
      s1 = addEight(s1, v128.load(w1, 48), nibble, y3, z3);
      s2 = addEight(s2, v128.load(w2, 48), nibble, y3, z3);
      s3 = addEight(s3, v128.load(w3, 48), nibble, y3, z3);
    }
    setIntegers(
      i32x4.extadd_pairwise_i16x8_s(s0),
      i32x4.extadd_pairwise_i16x8_s(s1),
      i32x4.extadd_pairwise_i16x8_s(s2),
      i32x4.extadd_pairwise_i16x8_s(s3),
    );
  }

  /** Inputs of two bytes. */
  @inline
  addHalves(w0: usize, weightLine: usize, x: usize, span: i32, nibble: v128): void {
    const four: usize = 4 * this.inputBytes();
    const w1 = w0 + weightLine;
    const w2 = w1 + weightLine;
    const w3 = w2 + weightLine;
    let low0 = i32x4.splat(0);
    let high0 = low0;
    let low1 = low0;
    let high1 = low0;
    let low2 = low0;
    let high2 = low0;
    let low3 = low0;
    let high3 = low0;
    for (let at: usize = 0, bytes = <usize>span << 1; at < bytes; at += 16) {
      const y = fourInputs(x);
      const z = nextInputs(x);
      const codes0 = v128.load(w0 + at);
      const first0 = v128.and(codes0, nibble);
      const second0 = v128.and(i16x8.shr_u(codes0, 4), nibble);
      low0 = addLow(addLow(low0, first0, y), second0, z);
      high0 = addHigh(addHigh(high0, first0, y), second0, z);
      const codes1 = v128.load(w1 + at);
      const first1 = v128.and(codes1, nibble);
      const second1 = v128.and(i16x8.shr_u(codes1, 4), nibble);
      low1 = addLow(addLow(low1, first1, y), second1, z);
      high1 = addHigh(addHigh(high1, first1, y), second1, z);
      const codes2 = v128.load(w2 + at);
      const first2 = v128.and(codes2, nibble);
      const second2 = v128.and(i16x8.shr_u(codes2, 4), nibble);
      low2 = addLow(addLow(low2, first2, y), second2, z);
      high2 = addHigh(addHigh(high2, first2, y), second2, z);
      const codes3 = v128.load(w3 + at);
      const first3 = v128.and(codes3, nibble);
      const second3 = v128.and(i16x8.shr_u(codes3, 4), nibble);
      low3 = addLow(addLow(low3, first3, y), second3, z);
      high3 = addHigh(addHigh(high3, first3, y), second3, z);
      x += 2 * four;
    }
    setIntegers(sumsOf(low0, high0), sumsOf(low1, high1), sumsOf(low2, high2), sumsOf(low3, high3));
  }
}

/** Codes of 4 bits, of one quad, for four rows. */
@unmanaged
@final
export class Rows4 extends Codes4 {
  @inline
  hasRows(): bool {
    return true;
  }

  @inline
  addUp(w: usize, weightLine: usize, x0: usize, inputLine: usize, span: i32, nibble: v128): void {
    const four: usize = 4 * this.inputBytes();
    const x1 = x0 + inputLine;
    const x2 = x1 + inputLine;
    const x3 = x2 + inputLine;
    let low0 = i32x4.splat(0);
    let high0 = low0;
    let low1 = low0;
    let high1 = low0;
    let low2 = low0;
    let high2 = low0;
    let low3 = low0;
    let high3 = low0;
    for (let at: usize = 0, bytes = <usize>span * this.inputBytes(); at < bytes; at += 2 * four) {
      const codes = v128.load(w);
      const first = v128.and(codes, nibble);
      const second = v128.and(i16x8.shr_u(codes, 4), nibble);
      const y0 = fourInputs(x0 + at);
      const z0 = nextInputs(x0 + at);
      low0 = addLow(addLow(low0, first, y0), second, z0);
      high0 = addHigh(addHigh(high0, first, y0), second, z0);
      const y1 = fourInputs(x1 + at);
      const z1 = nextInputs(x1 + at);
      low1 = addLow(addLow(low1, first, y1), second, z1);
      high1 = addHigh(addHigh(high1, first, y1), second, z1);
      const y2 = fourInputs(x2 + at);
      const z2 = nextInputs(x2 + at);
      low2 = addLow(addLow(low2, first, y2), second, z2);
      high2 = addHigh(addHigh(high2, first, y2), second, z2);
      const y3 = fourInputs(x3 + at);
      const z3 = nextInputs(x3 + at);
      low3 = addLow(addLow(low3, first, y3), second, z3);
      high3 = addHigh(addHigh(high3, first, y3), second, z3);
      w += 16;
    }
    setIntegers(sumsOf(low0, high0), sumsOf(low1, high1), sumsOf(low2, high2), sumsOf(low3, high3));
  }
}
