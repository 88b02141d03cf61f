// Rotary position embedding: rotates pairs of dimensions by an angle for each position.
import { loadPart, storePart } from "../parts";
import { madd, nmadd } from "../vector";

/**
 * x and y: [batch, heads, length, headDim], with `rowsPerBatch` = heads · length; cos and sin: [length, pairs], or one
 * such table for each batch, `tableStride` bytes apart. `sign` -1 rotates back. `rowsPerTask` rows per task.
 */
@unmanaged
export class RotaryArguments {
  x: usize;
  cos: usize;
  sin: usize;
  y: usize;
  rows: i32;
  rowsPerBatch: i32;
  length: i32;
  headDim: i32;
  pairs: i32;
  tableStride: usize;
  rowsPerTask: i32;
  sign: f32;
}

/** Pairs (i, i + pairs). */
export function rotateHalves(args: RotaryArguments, task: u32, thread: u32): void {
  rotate(false, args, task);
}

/** Pairs (2i, 2i + 1). */
export function rotateInterleaved(args: RotaryArguments, task: u32, thread: u32): void {
  rotate(true, args, task);
}

@inline
function rotate(interleaved: bool, a: RotaryArguments, task: u32): void {
  const end = min(a.rows, <i32>(task + 1) * a.rowsPerTask);
  const turned = <usize>a.pairs << 3;
  const kept = (<usize>a.headDim << 2) - turned;
  for (let row = <i32>task * a.rowsPerTask; row < end; row++) {
    const x = a.x + ((<usize>row * a.headDim) << 2);
    const y = a.y + ((<usize>row * a.headDim) << 2);
    const table = <usize>(row / a.rowsPerBatch) * a.tableStride + ((<usize>(row % a.length) * a.pairs) << 2);
    if (interleaved) interleavedRow(x, y, a.cos + table, a.sin + table, a.pairs, a.sign);
    else halvesRow(x, y, a.cos + table, a.sin + table, a.pairs, a.sign);
    if (kept) memory.copy(y + turned, x + turned, kept);
  }
}

function halvesRow(x: usize, y: usize, cos: usize, sin: usize, pairs: i32, sign: f32): void {
  const half = <usize>pairs << 2;
  const whole = (<usize>pairs & ~3) << 2;
  const sign4 = f32x4.splat(sign);
  for (let at: usize = 0; at < whole; at += 16) {
    const a = v128.load(x + at);
    const b = v128.load(x + half + at);
    const c = v128.load(cos + at);
    const s = f32x4.mul(v128.load(sin + at), sign4);
    v128.store(y + at, nmadd(b, s, f32x4.mul(a, c)));
    v128.store(y + half + at, madd(a, s, f32x4.mul(b, c)));
  }
  const left = pairs & 3;
  if (left == 0) return;
  const a = loadPart(x + whole, left);
  const b = loadPart(x + half + whole, left);
  const c = loadPart(cos + whole, left);
  const s = f32x4.mul(loadPart(sin + whole, left), sign4);
  storePart(y + whole, nmadd(b, s, f32x4.mul(a, c)), left);
  storePart(y + half + whole, madd(a, s, f32x4.mul(b, c)), left);
}

function interleavedRow(x: usize, y: usize, cos: usize, sin: usize, pairs: i32, sign: f32): void {
  const sign4 = f32x4.mul(f32x4(-1, 1, -1, 1), f32x4.splat(sign));
  let pair: usize = 0;
  for (; pair + 1 < <usize>pairs; pair += 2) {
    turn(x + pair * 8, y + pair * 8, v128.load64_zero(cos + pair * 4), v128.load64_zero(sin + pair * 4), sign4);
  }
  if (pair == <usize>pairs) return;
  const a = v128.load64_zero(x + pair * 8);
  const c = v128.load32_splat(cos + pair * 4);
  const s = f32x4.mul(v128.load32_splat(sin + pair * 4), sign4);
  const swapped = i8x16.shuffle(a, a, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11);
  v128.store64_lane(y + pair * 8, madd(swapped, s, f32x4.mul(a, c)), 0);
}

/** Rotates two pairs; their cosines and sines are in the two low lanes. */
@inline
function turn(x: usize, y: usize, cos: v128, sin: v128, sign4: v128): void {
  const a = v128.load(x);
  const c = i8x16.shuffle(cos, cos, 0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 6, 7, 4, 5, 6, 7);
  const s = f32x4.mul(i8x16.shuffle(sin, sin, 0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 6, 7, 4, 5, 6, 7), sign4);
  const swapped = i8x16.shuffle(a, a, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11);
  v128.store(y, madd(swapped, s, f32x4.mul(a, c)));
}
