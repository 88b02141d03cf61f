// What a transformer applies number by number, on four float32 lanes; NaN gives NaN. An operation is a constant, so that
// one loop serves all: the compiler keeps the branch that is taken.
import { exponential4, fullExponential4, power4 } from "./exponential";
import { atLeast, atMost, madd, nmadd } from "./vector";

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

/** √(2/π), and 0.044715 of it: the inner polynomial of GELU's tanh form is u(x) = ROOT x + CUBIC x³. */
const ROOT: f32 = 0.7978845608;
const CUBIC: f32 = 0.0356774081;

@inline
export function apply(operation: i32, x: v128): v128 {
  if (operation == EXP) return fullExponential4(x);
  if (operation == TANH) return tanh4(x);
  if (operation == ERF) return erf4(x);
  if (operation == SQRT) return f32x4.sqrt(x);
  if (operation == RSQRT) return f32x4.div(f32x4.splat(1), f32x4.sqrt(x));
  return activate(operation, x, share4(operation, x));
}

/**
 * How much of x an activation lets through, 0 to 1: GELU, its tanh form, SiLU and ReLU are x · share(x).
 * SIGMOID is the share of SiLU itself.
 */
@inline
export function share4(operation: i32, x: v128): v128 {
  if (operation == RELU) return v128.and(f32x4.gt(x, f32x4.splat(0)), f32x4.splat(1));
  if (operation == GELU) return normalShare4(x);
  if (operation == GELU_TANH) return sigmoid4(f32x4.mul(x, madd(f32x4.mul(x, x), f32x4.splat(2 * CUBIC), f32x4.splat(2 * ROOT))));
  return sigmoid4(x);
}

/** The activation of x, from its share. */
@inline
export function activate(operation: i32, x: v128, share: v128): v128 {
  if (operation == SIGMOID) return share;
  if (operation == RELU) return atLeast(x, f32x4.splat(0));
  return f32x4.mul(x, share);
}

/** The derivative of the activation at x, from its share s: s + x s', where s' of a sigmoid is s (1 - s). */
@inline
export function slope4(operation: i32, x: v128, share: v128): v128 {
  if (operation == RELU) return share;
  if (operation == GELU) return madd(x, normalDensity4(x), share);
  const sigmoidSlope = nmadd(share, share, share);
  if (operation == SIGMOID) return sigmoidSlope;
  if (operation == SILU) return madd(x, sigmoidSlope, share);
  const inner = madd(f32x4.mul(x, x), f32x4.splat(6 * CUBIC), f32x4.splat(2 * ROOT)); // 2 u'(x)
  return madd(f32x4.mul(x, inner), sigmoidSlope, share);
}

@inline
function sigmoid4(x: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, exponential4(atMost(f32x4.neg(x), f32x4.splat(89)))));
}

/** Density of the standard normal distribution. */
@inline
function normalDensity4(x: v128): v128 {
  return f32x4.mul(f32x4.splat(0.3989422804), exponential4(f32x4.mul(f32x4.mul(x, x), f32x4.splat(-0.5))));
}

/** The standard normal distribution function Φ, within 1e-7: 0 far below, 1 far above. */
@inline
function normalShare4(x: v128): v128 {
  const tail = normalTail4(f32x4.abs(x));
  return v128.bitselect(tail, f32x4.sub(f32x4.splat(1), tail), f32x4.lt(x, f32x4.splat(0)));
}

/**
 * Φ(-a) for a >= 0, within 1e-7, as 2^(-1 - a t(a)). The polynomial t of degree 7 has the least maximum error of Φ on
 * [0, 8]; beyond it grows, and the tail is 0.
 */
@inline
function normalTail4(a: v128): v128 {
  let t = madd(f32x4.splat(-1.394591789e-6), a, f32x4.splat(2.411756766e-5));
  t = madd(t, a, f32x4.splat(-0.000122973828));
  t = madd(t, a, f32x4.splat(-0.0002675929589));
  t = madd(t, a, f32x4.splat(0.007205982365));
  t = madd(t, a, f32x4.splat(-0.05257584388));
  t = madd(t, a, f32x4.splat(-0.4591880544));
  t = madd(t, a, f32x4.splat(-1.151106843));
  return power4(madd(t, a, f32x4.splat(-1)));
}

/** erf x, within 2e-7 of 1 and 3 ulp near 0: its series below 1/2, 1 - 2 Φ(-√2 |x|) above. */
@inline
function erf4(x: v128): v128 {
  const a = f32x4.abs(x);
  const s = f32x4.mul(x, x);
  let p = madd(f32x4.splat(-0.000854832673), s, f32x4.splat(0.00522397762));
  p = madd(p, s, f32x4.splat(-0.0268661706));
  p = madd(p, s, f32x4.splat(0.112837917));
  p = madd(p, s, f32x4.splat(-0.376126389));
  p = f32x4.mul(madd(p, s, f32x4.splat(1.12837917)), a);
  const tail = normalTail4(f32x4.mul(a, f32x4.splat(1.414213562)));
  return withSign(v128.bitselect(p, nmadd(f32x4.splat(2), tail, f32x4.splat(1)), f32x4.lt(a, f32x4.splat(0.5))), x);
}

/** tanh x, within 3 ulp: a polynomial below 0.625 (S. L. Moshier, Cephes, tanhf), 1 - 2 / (exp 2|x| + 1) above. */
@inline
export function tanh4(x: v128): v128 {
  const one = f32x4.splat(1);
  const a = f32x4.abs(x);
  const s = f32x4.mul(x, x);
  let p = madd(f32x4.splat(-5.70498872745e-3), s, f32x4.splat(2.06390887954e-2));
  p = madd(p, s, f32x4.splat(-5.37397155531e-2));
  p = madd(p, s, f32x4.splat(1.33314422036e-1));
  p = madd(p, s, f32x4.splat(-3.33332819422e-1));
  p = madd(f32x4.mul(p, s), a, a);
  const bounded = atMost(a, f32x4.splat(10));
  const e = exponential4(f32x4.add(bounded, bounded));
  const far = f32x4.sub(one, f32x4.div(f32x4.splat(2), f32x4.add(e, one)));
  return withSign(v128.bitselect(p, far, f32x4.lt(a, f32x4.splat(0.625))), x);
}

@inline
function withSign(magnitude: v128, x: v128): v128 {
  return v128.or(magnitude, v128.and(x, f32x4.splat(-0.0)));
}
