// Sines and cosines of angles as large as positions in a text, where tfjs's lose all digits.

/** x and y: [count]. */
@unmanaged
class AngleArguments {
  x: usize;
  y: usize;
  count: i32;
  countPerTask: i32;
}

export function sinFloat(args: usize, task: u32, thread: u32): void {
  mapAngles(changetype<AngleArguments>(args), task, 0);
}

export function cosFloat(args: usize, task: u32, thread: u32): void {
  mapAngles(changetype<AngleArguments>(args), task, 1);
}

/** A cosine is the sine a quarter turn further. */
@inline
function mapAngles(a: AngleArguments, task: u32, quarters: i64): void {
  const first = <i32>task * a.countPerTask;
  const end = min(first + a.countPerTask, a.count);
  for (let at = <usize>first << 2; at < <usize>end << 2; at += 4) store<f32>(a.y + at, sine(load<f32>(a.x + at), quarters));
}

/**
 * sin(x + quarters π / 2), within 1 ulp for |x| < 2^28: x = n π / 2 + r in float64, with π / 2 in two parts of which
 * the first has 25 bits, then a polynomial in r (FreeBSD msun, k_sinf.c and k_cosf.c). Beyond 2^45 the neighbours of a
 * float32 lie so many turns apart that only the bounds are kept.
 */
function sine(x: f32, quarters: i64): f32 {
  if (x - x != 0) return x - x; // NaN of NaN and infinities
  const n = nearest(<f64>x * 0.63661977236758134308);
  const exact = <f64>x - n * 1.57079631090164184570 - n * 1.58932547735281966916e-8;
  const r = max(min(exact, 0.78539816339744830962), -0.78539816339744830962);
  const turned = (abs(n) < 9e15 ? <i64>n : 0) + quarters;
  const z = r * r;
  const value = turned & 1 ? cosinePolynomial(z) : r + r * z * sinePolynomial(z);
  return <f32>(turned & 2 ? -value : value);
}

@inline
function sinePolynomial(z: f64): f64 {
  const high = -0.000198393348360966317347 + z * 0.0000027183114939898219064;
  return -0.166666666416265235595 + z * 0.0083333293858894631756 + z * z * high;
}

@inline
function cosinePolynomial(z: f64): f64 {
  const high = -0.00138867637746099294692 + z * 0.0000243904487962774090654;
  return 1.0 + z * -0.499999997251031003120 + z * z * 0.0416666233237390631894 + z * z * z * high;
}
