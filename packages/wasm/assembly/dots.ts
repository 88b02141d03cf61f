// Dot products of one row with many rows, each of which is read once.
import { horizontalSum, madd } from "./vector";

/**
 * Dot products of a row with four lines of the same number of bytes.
 *
 * @param bStride bytes from one line to the next. Lines on different pages are read faster from memory than adjacent ones.
 * @param toStride bytes from one result to the next
 */
export function fourDots(a: usize, line: usize, b0: usize, bStride: usize, to: usize, toStride: usize): void {
  let b1 = b0 + bStride;
  let b2 = b1 + bStride;
  let b3 = b2 + bStride;
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  const whole = a + (line & ~15);
  const end = a + line;
  for (; a < whole; a += 16) {
    const x = v128.load(a);
    s0 = madd(x, v128.load(b0), s0);
    s1 = madd(x, v128.load(b1), s1);
    s2 = madd(x, v128.load(b2), s2);
    s3 = madd(x, v128.load(b3), s3);
    b0 += 16;
    b1 += 16;
    b2 += 16;
    b3 += 16;
  }
  let t0 = horizontalSum(s0);
  let t1 = horizontalSum(s1);
  let t2 = horizontalSum(s2);
  let t3 = horizontalSum(s3);
  for (; a < end; a += 4) {
    const x = load<f32>(a);
    t0 += x * load<f32>(b0);
    t1 += x * load<f32>(b1);
    t2 += x * load<f32>(b2);
    t3 += x * load<f32>(b3);
    b0 += 4;
    b1 += 4;
    b2 += 4;
    b3 += 4;
  }
  store<f32>(to, t0);
  store<f32>(to + toStride, t1);
  store<f32>(to + 2 * toStride, t2);
  store<f32>(to + 3 * toStride, t3);
}

/** The dot product of two rows of the same number of bytes. */
export function dot(a: usize, b: usize, line: usize): f32 {
  let sum4 = f32x4.splat(0);
  const whole = a + (line & ~15);
  const end = a + line;
  for (; a < whole; a += 16) {
    sum4 = madd(v128.load(a), v128.load(b), sum4);
    b += 16;
  }
  let sum = horizontalSum(sum4);
  for (; a < end; a += 4) {
    sum += load<f32>(a) * load<f32>(b);
    b += 4;
  }
  return sum;
}

