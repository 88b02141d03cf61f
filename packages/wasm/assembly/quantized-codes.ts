// How codes of 8 and 4 bits are multiplied with inputs, in integers.
import { foldPairs, usesBytes } from "./quantized";

/** The low and the high nibbles of bytes. */
@inline
export function lowNibbles(weights: v128): v128 {
  return v128.and(weights, i8x16.splat(15));
}

@inline
export function highNibbles(weights: v128): v128 {
  return v128.and(i16x8.shr_u(weights, 4), i8x16.splat(15));
}

/** sums + products of 16 codes, four of each output, with the four inputs at `x`; half of them where there are no dots of bytes. */
@inline
export function addLow(sums: v128, codes: v128, x: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return i32x4.relaxed_dot_i8x16_i7x16_add_s(x, codes, sums);
  return i32x4.add(sums, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(codes), x));
}

@inline
export function addHigh(sums: v128, codes: v128, x: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return sums;
  return i32x4.add(sums, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(codes), x));
}

@inline
export function inputsAt(x: usize): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? v128.load32_splat(x) : v128.load64_splat(x);
}

/** The sums of the outputs of a quad. */
@inline
export function sumsOf(low: v128, high: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? low : foldPairs(low, high);
}

/** Codes of 8 bits: the products of a span of inputs with the codes of four outputs, as integers. */
@unmanaged
@final
export class Bits8 {
  /** Bytes of the codes of four outputs for one input. */
  @inline
  weightBytes(): usize {
    return 4;
  }

  @inline
  inputBytes(): usize {
    return 2;
  }

  @inline
  integers(w: usize, x: usize, span: i32): v128 {
    let low = i32x4.splat(0);
    let high = low;
    for (const stop = x + (<usize>span << 1); x < stop; x += 16) {
      const x0 = v128.load64_splat(x);
      const x1 = v128.load64_splat(x, 8);
      const w0 = v128.load(w);
      const w1 = v128.load(w, 16);
      low = i32x4.add(low, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(w0), x0));
      high = i32x4.add(high, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(w0), x0));
      low = i32x4.add(low, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(w1), x1));
      high = i32x4.add(high, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(w1), x1));
      w += 32;
    }
    return foldPairs(low, high);
  }
}

/** Codes of 4 bits, as {@link Bits8}. */
@unmanaged
@final
export class Bits4 {
  @inline
  weightBytes(): usize {
    return 2;
  }

  @inline
  inputBytes(): usize {
    return usesBytes(4) ? 1 : 2;
  }

  @inline
  integers(w: usize, x: usize, span: i32): v128 {
    const four: usize = 4 * this.inputBytes();
    let low = i32x4.splat(0);
    let high = low;
    for (const stop = w + (<usize>span << 1); w < stop; w += 16) {
      const weights = v128.load(w);
      const first = lowNibbles(weights);
      const second = highNibbles(weights);
      const y0 = inputsAt(x);
      const y1 = inputsAt(x + four);
      low = addLow(low, first, y0);
      high = addHigh(high, first, y0);
      low = addLow(low, second, y1);
      high = addHigh(high, second, y1);
      x += 2 * four;
    }
    return sumsOf(low, high);
  }
}
