// Elementwise functions on four float32 lanes; NaN gives NaN. The operation is a compile-time constant, so one loop serves
// all operations and the compiler keeps only the branch that is taken. Most operations compute their result from x and
// e = 2^exponent. The caller's loop computes the power, because it keeps the constants of the power in registers.
import { fullExponential4 } from "./exponential";
import { loadPart, storePart } from "./parts";
import { atLeast, atMost, kept, LOG2_E, madd, nmadd, tanhFrom, withSign, zerosBefore } from "./vector";

/** Vectors per iteration: without relaxed SIMD, V8 of Node.js 20 unrolls a loop over single vectors until it runs out of registers. */
export const STEP: usize = ASC_FEATURE_RELAXED_SIMD ? 1 : 2;

export const EXP: i32 = 0;
export const TANH: i32 = 1;
export const ERF: i32 = 2;
export const SQRT: i32 = 3;
export const RSQRT: i32 = 4;
export const SIGMOID: i32 = 5;
export const RELU: i32 = 6;
export const GELU: i32 = 7;
export const GELU_TANH: i32 = 8;
export const SILU: i32 = 9;

/** √(2/π) and 0.044715 √(2/π): the argument of tanh in GELU's tanh form is u(x) = ROOT x + CUBIC x³. */
const ROOT: f32 = 0.7978845608;
const CUBIC: f32 = 0.0356774081;

/** sigmoid(x) = 1 / (1 + 2^(x (rate + cubic x²))) with cubic = 0; the tanh form of GELU needs sigmoid(2 u(x)). */
@inline
export function rateOf(operation: i32): f32 {
  return operation == GELU_TANH ? -2 * ROOT * LOG2_E : -LOG2_E;
}
export const CUBIC_RATE: f32 = -2 * CUBIC * LOG2_E;
/** The largest exponent; 2^128 is Infinity. */
export const MOST: f32 = 128;

/** The exponent of e. For operations with a {@link tailFactor}, {@link prepareTails} has computed it: `prepared`. */
@inline
export function exponent4(operation: i32, x: v128, prepared: v128, rate: v128, cubic: v128, most: v128): v128 {
  if (tailFactor(operation) > 0) return prepared;
  if (operation == TANH) return f32x4.mul(atMost(f32x4.abs(x), f32x4.splat(10)), f32x4.splat(2 * LOG2_E));
  if (operation == GELU_TANH) return atMost(f32x4.mul(x, madd(f32x4.mul(x, x), cubic, rate)), most);
  if (operation == SIGMOID || operation == SILU) return atMost(f32x4.mul(x, rate), most);
  return prepared;
}

@inline
export function apply(operation: i32, x: v128, e: v128, one: v128): v128 {
  if (operation == EXP) return fullExponential4(x);
  if (operation == TANH) return tanhFrom(x, e, one);
  if (operation == ERF) return erf4(x, e, one);
  if (operation == SQRT) return f32x4.sqrt(x);
  if (operation == RSQRT) return f32x4.div(one, f32x4.sqrt(x));
  return activate(operation, x, share4(operation, x, e, one));
}

/**
 * The factor of x in an activation, from 0 to 1: GELU, its tanh form, SiLU and ReLU are x · share(x). The share of GELU is
 * the normal distribution function, and e is its tail. The share of SiLU is the sigmoid.
 */
@inline
export function share4(operation: i32, x: v128, e: v128, one: v128): v128 {
  if (operation == RELU) return v128.and(f32x4.gt(x, f32x4.splat(0)), one);
  if (operation == GELU) return v128.bitselect(e, f32x4.sub(one, e), f32x4.lt(x, f32x4.splat(0)));
  return f32x4.div(one, f32x4.add(one, e));
}

/** The activation of x, from its share. */
@inline
export function activate(operation: i32, x: v128, share: v128): v128 {
  if (operation == SIGMOID) return share;
  if (operation == RELU) return atLeast(x, f32x4.splat(0));
  return f32x4.mul(x, share);
}

/**
 * The derivative of the activation at x from its share s: s + x s'. The derivative s' of a sigmoid is s (1 - s), that of
 * GELU's share is the density of the standard normal distribution.
 */
@inline
export function slope4(operation: i32, x: v128, share: v128, density: v128): v128 {
  if (operation == RELU) return share;
  if (operation == GELU) return madd(x, density, share);
  const sigmoidSlope = nmadd(share, share, share);
  if (operation == SIGMOID) return sigmoidSlope;
  if (operation == SILU) return madd(x, sigmoidSlope, share);
  const near = f32x4.max(f32x4.min(x, f32x4.splat(10)), f32x4.splat(-10)); // beyond, the slope of the sigmoid is 0, and x³ may overflow
  const inner = madd(f32x4.mul(near, near), f32x4.splat(6 * CUBIC), f32x4.splat(2 * ROOT)); // 2 u'(x)
  return madd(f32x4.mul(near, inner), sigmoidSlope, share);
}

/** The exponent of the density of the standard normal distribution: -x² log2(e) / 2 - log2 √(2π). */
@inline
export function densityExponent(x: v128): v128 {
  return madd(f32x4.mul(x, x), f32x4.splat(-0.5 * LOG2_E), f32x4.splat(-1.325748065));
}

/** The factor of |x| in the normal tail that an operation needs, see {@link prepareTails}; 0 when it needs none. */
@inline
export function tailFactor(operation: i32): f32 {
  return operation == GELU ? 1 : operation == ERF ? 1.414213562 : 0;
}

/**
 * Writes the exponent of Φ(-a) = 2^(-1 - a t(a)) with a = |x| · factor for `count` numbers. The polynomial t of degree 7
 * minimises the maximum error of Φ on [0, 8], which is 2.2e-8; beyond 8 the power underflows to 0. This is a separate pass
 * so that its constants stay in registers.
 */
export function prepareTails(args: usize, x: usize, exponent: usize, count: i32, factor: f32): void {
  const zeros = zerosBefore(args);
  const t7 = kept(-1.394591789e-6, zeros);
  const t6 = kept(2.411756766e-5, zeros);
  const t5 = kept(-0.000122973828, zeros);
  const t4 = kept(-0.0002675929589, zeros);
  const t3 = kept(0.007205982365, zeros);
  const t2 = kept(-0.05257584388, zeros);
  const t1 = kept(-0.4591880544, zeros);
  const t0 = kept(-1.151106843, zeros);
  const last = kept(-1, zeros);
  const sign = kept(-0.0, zeros);
  const factor4 = f32x4.splat(factor);
  let left = count;
  for (; left >= <i32>STEP * 4; left -= <i32>STEP * 4, x += STEP * 16, exponent += STEP * 16) {
    v128.store(exponent, tailExponent(f32x4.mul(v128.load(x), factor4), t7, t6, t5, t4, t3, t2, t1, t0, last, sign));
    if (STEP == 1) continue;
    v128.store(exponent, tailExponent(f32x4.mul(v128.load(x, 16), factor4), t7, t6, t5, t4, t3, t2, t1, t0, last, sign), 16);
  }
  for (; left > 0; left -= 4, x += 16, exponent += 16) {
    const part = min(left, 4);
    storePart(exponent, tailExponent(f32x4.mul(loadPart(x, part), factor4), t7, t6, t5, t4, t3, t2, t1, t0, last, sign), part);
  }
}

@inline
function tailExponent(
  x: v128, t7: v128, t6: v128, t5: v128, t4: v128, t3: v128, t2: v128, t1: v128, t0: v128, last: v128, sign: v128,
): v128 {
  const a = v128.andnot(x, sign);
  let t = madd(t7, a, t6);
  t = madd(t, a, t5);
  t = madd(t, a, t4);
  t = madd(t, a, t3);
  t = madd(t, a, t2);
  t = madd(t, a, t1);
  t = madd(t, a, t0);
  return madd(t, a, last);
}

/** erf x, within 2e-7 of 1 and 3 ulp near 0: its series below 1/2, 1 - 2 tail above. */
@inline
function erf4(x: v128, tail: v128, one: v128): v128 {
  const a = f32x4.abs(x);
  const s = f32x4.mul(x, x);
  let p = madd(f32x4.splat(-0.000854832673), s, f32x4.splat(0.00522397762));
  p = madd(p, s, f32x4.splat(-0.0268661706));
  p = madd(p, s, f32x4.splat(0.112837917));
  p = madd(p, s, f32x4.splat(-0.376126389));
  p = f32x4.mul(madd(p, s, f32x4.splat(1.12837917)), a);
  return withSign(v128.bitselect(p, nmadd(f32x4.splat(2), tail, one), f32x4.lt(a, f32x4.splat(0.5))), x);
}

/** For operations that need normal tails, writes their exponents to the memory of the results. */
@inline
export function prepare(operation: i32, args: usize, x: usize, y: usize, count: i32): void {
  if (tailFactor(operation) > 0) prepareTails(args, x, y, count, tailFactor(operation));
}

/** What {@link prepare} wrote for up to four numbers. */
@inline
export function prepared(operation: i32, y: usize, count: i32): v128 {
  return tailFactor(operation) > 0 ? loadPart(y, count) : f32x4.splat(0);
}
