// Exponentials and logarithms without tables.
import { atLeast, atMost, madd, nmadd } from "./vector";

/** exp r for |r| <= ln 2 / 2, within 2e-9 relative. */
@inline
function expPolynomial(r: v128): v128 {
  let p = madd(f32x4.splat(0.001384360362), r, f32x4.splat(0.008374195866));
  p = madd(p, r, f32x4.splat(0.0416680048));
  p = madd(p, r, f32x4.splat(0.166664308));
  p = madd(p, r, f32x4.splat(0.4999999419));
  p = madd(p, r, f32x4.splat(1.000000032));
  return madd(p, r, f32x4.splat(1));
}

/** exp x for any x within 2 ulp, subnormal results included: 2^n is multiplied as two factors. */
@inline
export function fullExponential4(x: v128): v128 {
  const bounded = atMost(atLeast(x, f32x4.splat(-104)), f32x4.splat(89));
  const magic = f32x4.splat(12582912);
  const shifted = madd(bounded, f32x4.splat(1.44269504), magic);
  const n = f32x4.sub(shifted, magic);
  let r = nmadd(n, f32x4.splat(0.693359375), bounded);
  r = nmadd(n, f32x4.splat(-2.12194440e-4), r);
  const power = i32x4.sub(shifted, magic);
  const half = i32x4.shr_s(power, 1);
  return f32x4.mul(f32x4.mul(expPolynomial(r), powerOfTwo(half)), powerOfTwo(i32x4.sub(power, half)));
}

@inline
function powerOfTwo(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}

/** Natural logarithm of a positive number, within 1e-11: m · 2^n with m around 1, log m = 2 artanh((m - 1) / (m + 1)). */
export function logarithm(x: f64): f64 {
  const bits = reinterpret<i64>(x) - 0x3fe6_a09e_667f_3bcd; // √½
  const n = bits >> 52;
  const m = reinterpret<f64>((bits & 0x000f_ffff_ffff_ffff) + 0x3fe6_a09e_667f_3bcd);
  const s = (m - 1) / (m + 1);
  const z = s * s;
  const series = 1 + z * (1.0 / 3 + z * (1.0 / 5 + z * (1.0 / 7 + z * (1.0 / 9 + z * (1.0 / 11 + z * (1.0 / 13))))));
  return <f64>n * 0.6931471805599453 + 2 * s * series;
}
