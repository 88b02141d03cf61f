// Sums over a row of float32, a run at a time; the sums of runs are added in float64.
import { keepPart, loadPart } from "./parts";
import { madd } from "./vector";

/** Bytes of a run of 1024 numbers, which are summed in float32. */
export const RUN_BYTES: usize = 1024 << 2;

/** The sum of lanes in float64. */
@inline
export function wideSum(x: v128): f64 {
  const a = <f64>f32x4.extract_lane(x, 0) + <f64>f32x4.extract_lane(x, 1);
  return a + (<f64>f32x4.extract_lane(x, 2) + <f64>f32x4.extract_lane(x, 3));
}

/** Σ x and Σ x², in the two float64 lanes. */
export function moments(x: usize, columns: i32): v128 {
  const end = x + (<usize>columns << 2);
  let sum: f64 = 0;
  let squares: f64 = 0;
  while (x < end) {
    const whole = x + (min(RUN_BYTES, end - x) & ~15);
    let s0 = f32x4.splat(0);
    let s1 = f32x4.splat(0);
    let q0 = f32x4.splat(0);
    let q1 = f32x4.splat(0);
    for (; x + 16 < whole; x += 32) {
      const a = v128.load(x);
      s0 = f32x4.add(s0, a);
      q0 = madd(a, a, q0);
      const b = v128.load(x, 16);
      s1 = f32x4.add(s1, b);
      q1 = madd(b, b, q1);
    }
    if (x < whole) {
      const a = v128.load(x);
      s0 = f32x4.add(s0, a);
      q0 = madd(a, a, q0);
      x += 16;
    }
    if (end - x < 16 && x < end) {
      const a = loadPart(x, <i32>((end - x) >> 2));
      s1 = f32x4.add(s1, a);
      q1 = madd(a, a, q1);
      x = end;
    }
    sum += wideSum(f32x4.add(s0, s1));
    squares += wideSum(f32x4.add(q0, q1));
  }
  return f64x2(sum, squares);
}

/** Σ g and Σ g · (x · scale + offset), in the two float64 lanes, where g = dy · weight. */
export function gradientMoments(x: usize, dy: usize, weight: usize, columns: i32, scale: f32, offset: f32): v128 {
  const end = x + (<usize>columns << 2);
  const toDy = dy - x;
  const toWeight = weight - x;
  const scale4 = f32x4.splat(scale);
  const offset4 = f32x4.splat(offset);
  let sum: f64 = 0;
  let products: f64 = 0;
  while (x < end) {
    const whole = x + (min(RUN_BYTES, end - x) & ~15);
    let s = f32x4.splat(0);
    let q = f32x4.splat(0);
    for (; x < whole; x += 16) {
      const g = f32x4.mul(v128.load(x + toDy), v128.load(x + toWeight));
      s = f32x4.add(s, g);
      q = madd(g, madd(v128.load(x), scale4, offset4), q);
    }
    if (end - x < 16 && x < end) {
      const left = <i32>((end - x) >> 2);
      const g = f32x4.mul(loadPart(x + toDy, left), loadPart(x + toWeight, left));
      s = f32x4.add(s, g);
      q = madd(g, keepPart(madd(loadPart(x, left), scale4, offset4), left), q);
      x = end;
    }
    sum += wideSum(s);
    products += wideSum(q);
  }
  return f64x2(sum, products);
}

/** y = x · factor. */
export function multiply(x: usize, y: usize, columns: i32, factor: f32): void {
  const end = x + (<usize>columns << 2);
  const move = y - x;
  const factor4 = f32x4.splat(factor);
  for (; x + 12 < end; x += 16) v128.store(x + move, f32x4.mul(v128.load(x), factor4));
  for (; x < end; x += 4) store<f32>(x + move, load<f32>(x) * factor);
}

/** y = x - shift. */
export function subtract(x: usize, y: usize, columns: i32, shift: f32): void {
  const end = x + (<usize>columns << 2);
  const move = y - x;
  const shift4 = f32x4.splat(shift);
  for (; x + 12 < end; x += 16) v128.store(x + move, f32x4.sub(v128.load(x), shift4));
  for (; x < end; x += 4) store<f32>(x + move, load<f32>(x) - shift);
}
