// Four float32 lanes. The relaxed twin of the module multiplies and adds in one rounding (FMA), the plain one in two.

/** a · b + c. */
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** c - a · b. */
@inline
export function nmadd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_nmadd(a, b, c);
  return f32x4.sub(c, f32x4.mul(a, b));
}

/** The larger of each lane of x and a bound; a NaN in x stays NaN. One instruction, where f32x4.max is six. */
@inline
export function atLeast(x: v128, bound: v128): v128 {
  return f32x4.pmax(x, bound);
}

/** The smaller of each lane of x and a bound; a NaN in x stays NaN. */
@inline
export function atMost(x: v128, bound: v128): v128 {
  return f32x4.pmin(x, bound);
}

@inline
export function horizontalSum(x: v128): f32 {
  const pairs = f32x4.add(x, i8x16.shuffle(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}

@inline
export function horizontalMax(x: v128): f32 {
  const a = f32x4.extract_lane(x, 0);
  const b = f32x4.extract_lane(x, 1);
  const c = f32x4.extract_lane(x, 2);
  const d = f32x4.extract_lane(x, 3);
  return max(max(a, b), max(c, d));
}

/**
 * exp of each lane, within 2 ulp for -87.3 <= x <= 88.3; 0 below, exp(88.3) above, NaN for NaN.
 *
 * x = n ln 2 + r with |r| <= ln 2 / 2; exp r by a polynomial of degree 7 (S. L. Moshier, Cephes, expf), times 2^n by
 * adding n to the exponent. Adding 1.5 · 2^23 rounds to the nearest integer and leaves it in the low bits.
 */
@inline
export function exp4(x: v128): v128 {
  const low = f32x4.splat(-87.3);
  const bounded = atMost(atLeast(x, low), f32x4.splat(88.3));
  const magic = f32x4.splat(12582912.0);
  const shifted = madd(bounded, f32x4.splat(1.44269504), magic);
  const n = f32x4.sub(shifted, magic);
  let r = nmadd(n, f32x4.splat(0.693359375), bounded);
  r = nmadd(n, f32x4.splat(-2.12194440e-4), r);
  let p = madd(f32x4.splat(1.9875691500e-4), r, f32x4.splat(1.3981999507e-3));
  p = madd(p, r, f32x4.splat(8.3334519073e-3));
  p = madd(p, r, f32x4.splat(4.1665795894e-2));
  p = madd(p, r, f32x4.splat(1.6666665459e-1));
  p = madd(p, r, f32x4.splat(5.0000001201e-1));
  p = f32x4.add(madd(p, f32x4.mul(r, r), r), f32x4.splat(1));
  const power = i32x4.add(p, i32x4.shl(shifted, 23));
  const ofNaN = f32x4.sub(bounded, bounded); // NaN for NaN, else 0
  return v128.andnot(f32x4.add(power, ofNaN), f32x4.lt(x, low));
}
