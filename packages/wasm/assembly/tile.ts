// The inner loop of every matrix product: a tile of 4 rows and 8 columns in 8 accumulators.
import { madd } from "./vector";

/** Bytes from one line of a block of 64 x 64 numbers to the next. */
export const BLOCK_LINE: usize = 256;

/**
 * C = A B, or C += A B, for a tile of 4 rows and 8 columns.
 *
 * @param a 4 adjacent numbers for each step of depth, `aStep` bytes apart
 * @param b 8 adjacent numbers for each step of depth, `bStep` bytes apart
 * @param c 4 rows of 8 adjacent numbers, `cStride` bytes apart
 */
@inline
export function tile4x8(a: usize, aStep: usize, b: usize, bStep: usize, depth: i32, c: usize, cStride: usize, accumulate: bool): void {
  const end = a + <usize>depth * aStep;
  let s00 = f32x4.splat(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s30 = s00;
  let s31 = s00;
  while (a != end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const a0 = v128.load32_splat(a);
    s00 = madd(a0, b0, s00);
    s01 = madd(a0, b1, s01);
    const a1 = v128.load32_splat(a, 4);
    s10 = madd(a1, b0, s10);
    s11 = madd(a1, b1, s11);
    const a2 = v128.load32_splat(a, 8);
    s20 = madd(a2, b0, s20);
    s21 = madd(a2, b1, s21);
    const a3 = v128.load32_splat(a, 12);
    s30 = madd(a3, b0, s30);
    s31 = madd(a3, b1, s31);
    a += aStep;
    b += bStep;
  }
  if (accumulate) addTile(s00, s01, s10, s11, s20, s21, s30, s31, c, cStride);
  else storeTile(s00, s01, s10, s11, s20, s21, s30, s31, c, cStride);
}

/** {@link tile4x8} with the rows of A in lines of a block: step k of row r at `a + r * BLOCK_LINE + 4 k`. */
@inline
export function tileLines4x8(a: usize, b: usize, bStep: usize, depth: i32, c: usize, cStride: usize): void {
  const end = a + (<usize>depth << 2);
  let s00 = f32x4.splat(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s30 = s00;
  let s31 = s00;
  while (a != end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const a0 = v128.load32_splat(a);
    s00 = madd(a0, b0, s00);
    s01 = madd(a0, b1, s01);
    const a1 = v128.load32_splat(a, BLOCK_LINE);
    s10 = madd(a1, b0, s10);
    s11 = madd(a1, b1, s11);
    const a2 = v128.load32_splat(a, 2 * BLOCK_LINE);
    s20 = madd(a2, b0, s20);
    s21 = madd(a2, b1, s21);
    const a3 = v128.load32_splat(a, 3 * BLOCK_LINE);
    s30 = madd(a3, b0, s30);
    s31 = madd(a3, b1, s31);
    a += 4;
    b += bStep;
  }
  addTile(s00, s01, s10, s11, s20, s21, s30, s31, c, cStride);
}

/** C += a tile. */
@inline
function addTile(s00: v128, s01: v128, s10: v128, s11: v128, s20: v128, s21: v128, s30: v128, s31: v128, c: usize, cStride: usize): void {
  const c1 = c + cStride;
  const c2 = c1 + cStride;
  const c3 = c2 + cStride;
  v128.store(c, f32x4.add(s00, v128.load(c)));
  v128.store(c, f32x4.add(s01, v128.load(c, 16)), 16);
  v128.store(c1, f32x4.add(s10, v128.load(c1)));
  v128.store(c1, f32x4.add(s11, v128.load(c1, 16)), 16);
  v128.store(c2, f32x4.add(s20, v128.load(c2)));
  v128.store(c2, f32x4.add(s21, v128.load(c2, 16)), 16);
  v128.store(c3, f32x4.add(s30, v128.load(c3)));
  v128.store(c3, f32x4.add(s31, v128.load(c3, 16)), 16);
}

@inline
function storeTile(s00: v128, s01: v128, s10: v128, s11: v128, s20: v128, s21: v128, s30: v128, s31: v128, c: usize, cStride: usize): void {
  const c1 = c + cStride;
  const c2 = c1 + cStride;
  const c3 = c2 + cStride;
  v128.store(c, s00);
  v128.store(c, s01, 16);
  v128.store(c1, s10);
  v128.store(c1, s11, 16);
  v128.store(c2, s20);
  v128.store(c2, s21, 16);
  v128.store(c3, s30);
  v128.store(c3, s31, 16);
}
