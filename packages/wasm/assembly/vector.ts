// Functions of four float32 lanes. The relaxed twin of the module rounds a multiply-add once (FMA), the plain twin twice.

/**
 * Zeros that V8 cannot know to be zeros, loaded from the 16 bytes before the arguments of a kernel.
 */
@inline
export function zerosBefore(args: usize): v128 {
  return v128.load(args - 16);
}

/**
 * A constant for use in a loop. V8 materialises a literal with three instructions at each use; a value that depends on
 * {@link zerosBefore} it computes once and keeps in a register.
 */
@inline
export function kept(value: f32, zeros: v128): v128 {
  return v128.xor(f32x4.splat(value), zeros);
}

/** The same of 16 bytes. */
@inline
export function keptBytes(value: i8, zeros: v128): v128 {
  return v128.xor(i8x16.splat(value), zeros);
}

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

export const LOG2_E: f32 = 1.44269504;
/** Scores of attention are held times log4 e, which is below 1: the largest float32 stays finite. */
export const LOG4_E: f32 = 0.72134752;
export const LN_4: f32 = 1.38629436;

/**
 * 2^x of each lane x <= 127.4, within 3e-7 relative; 0 below -126.5, NaN for NaN. The constants {@link EXP2_LOW} and
 * those after it are arguments, which the caller makes by {@link kept} outside its loop.
 *
 * x = n + f with |f| <= 1/2; 2^f by the minimax polynomial of degree 5 that is 1 at 0, times 2^n. Adding 1.5 · 2^23
 * + 127 rounds to the nearest integer and leaves n + 127, the exponent of 2^n, in the low bits: 0, the number 0, at -127.
 */
@inline
export function exp2(x: v128, low: v128, magic: v128, c5: v128, c4: v128, c3: v128, c2: v128, c1: v128, one: v128): v128 {
  const bounded = atLeast(x, low);
  const shifted = f32x4.add(bounded, magic);
  const f = f32x4.sub(bounded, f32x4.sub(shifted, magic));
  let p = madd(c5, f, c4);
  p = madd(p, f, c3);
  p = madd(p, f, c2);
  p = madd(p, f, c1);
  p = madd(p, f, one);
  return f32x4.mul(p, i32x4.shl(shifted, 23));
}
export const EXP2_LOW: f32 = -127;
export const EXP2_MAGIC: f32 = 12583039;
export const EXP2_C5: f32 = 0.001326472731307149;
export const EXP2_C4: f32 = 0.009671512991189957;
export const EXP2_C3: f32 = 0.05550733581185341;
export const EXP2_C2: f32 = 0.24022242426872253;
export const EXP2_C1: f32 = 0.6931470036506653;

/** With these constants, {@link exp2} computes 4^x for x <= 63.7 in the same steps: the sum with the half of the magic rounds x to halves. */
export const EXP4_LOW: f32 = EXP2_LOW / 2;
export const EXP4_MAGIC: f32 = EXP2_MAGIC / 2;
export const EXP4_C5: f32 = EXP2_C5 * 32;
export const EXP4_C4: f32 = EXP2_C4 * 16;
export const EXP4_C3: f32 = EXP2_C3 * 8;
export const EXP4_C2: f32 = EXP2_C2 * 4;
export const EXP4_C1: f32 = EXP2_C1 * 2;

/** 4^x outside of loops. */
@inline
export function fourTo(x: v128): v128 {
  return exp2(
    x,
    f32x4.splat(EXP4_LOW),
    f32x4.splat(EXP4_MAGIC),
    f32x4.splat(EXP4_C5),
    f32x4.splat(EXP4_C4),
    f32x4.splat(EXP4_C3),
    f32x4.splat(EXP4_C2),
    f32x4.splat(EXP4_C1),
    f32x4.splat(1),
  );
}

/** A score, from its product with log4 e: rounding makes no infinity of the largest float32. */
@inline
export function scoreOf(x: v128): v128 {
  const product = f32x4.mul(x, f32x4.splat(LN_4));
  return f32x4.pmin(f32x4.splat(f32.MAX_VALUE), f32x4.pmax(f32x4.splat(-f32.MAX_VALUE), product));
}

/** Natural logarithm of each lane > 0, within 2 ulp (S. L. Moshier, Cephes, logf). */
@inline
export function log4(x: v128): v128 {
  const bits = x;
  let e = f32x4.convert_i32x4_s(i32x4.sub(i32x4.shr_u(bits, 23), i32x4.splat(126)));
  let m = v128.or(v128.and(bits, i32x4.splat(0x007fffff)), i32x4.splat(0x3f000000)); // [0.5, 1)
  const small = f32x4.lt(m, f32x4.splat(0.707106781));
  e = f32x4.sub(e, v128.and(small, f32x4.splat(1)));
  m = f32x4.sub(f32x4.add(m, v128.and(small, m)), f32x4.splat(1));
  const z = f32x4.mul(m, m);
  let p = madd(f32x4.splat(7.0376836292e-2), m, f32x4.splat(-1.1514610310e-1));
  p = madd(p, m, f32x4.splat(1.1676998740e-1));
  p = madd(p, m, f32x4.splat(-1.2420140846e-1));
  p = madd(p, m, f32x4.splat(1.4249322787e-1));
  p = madd(p, m, f32x4.splat(-1.6668057665e-1));
  p = madd(p, m, f32x4.splat(2.0000714765e-1));
  p = madd(p, m, f32x4.splat(-2.4999993993e-1));
  p = madd(p, m, f32x4.splat(3.3333331174e-1));
  p = f32x4.mul(f32x4.mul(p, m), z);
  p = madd(e, f32x4.splat(-2.12194440e-4), p);
  p = madd(f32x4.splat(-0.5), z, p);
  return madd(e, f32x4.splat(0.693359375), f32x4.add(m, p));
}

/**
 * tanh x, within 3 ulp: a polynomial below 0.625 (S. L. Moshier, Cephes, tanhf), 1 - 2 / (e + 1) above, from e = exp 2|x|.
 */
@inline
export function tanhFrom(x: v128, e: v128, one: v128): v128 {
  const a = f32x4.abs(x);
  const s = f32x4.mul(x, x);
  let p = madd(f32x4.splat(-5.70498872745e-3), s, f32x4.splat(2.06390887954e-2));
  p = madd(p, s, f32x4.splat(-5.37397155531e-2));
  p = madd(p, s, f32x4.splat(1.33314422036e-1));
  p = madd(p, s, f32x4.splat(-3.33332819422e-1));
  p = madd(f32x4.mul(p, s), a, a);
  const far = f32x4.sub(one, f32x4.div(f32x4.splat(2), f32x4.add(e, one)));
  return withSign(v128.bitselect(p, far, f32x4.lt(a, f32x4.splat(0.625))), x);
}

/** tanh of each lane. */
@inline
export function tanh4(x: v128): v128 {
  const a = f32x4.abs(x);
  return tanhFrom(x, exp4(f32x4.add(a, a)), f32x4.splat(1));
}

/** A magnitude with the sign of x. */
@inline
export function withSign(magnitude: v128, x: v128): v128 {
  return v128.or(magnitude, v128.and(x, f32x4.splat(-0.0)));
}
