// Permutes the dimensions of numbers of four bytes. All sizes and strides count numbers.
//
// The caller merges dimensions that stay adjacent. When the last dimension stays last, rows are copied. Otherwise the last
// dimension of the output ("across") and the last dimension of the input ("along") are swapped in blocks of 4 by 4.
import { OUTER_DIMENSIONS, TRANSPOSE_STRIP } from "../constants";

@unmanaged
export class TransposeArguments {
  x: usize;
  y: usize;
  across: i32;
  acrossStride: i32;
  along: i32;
  alongStride: i32;
  unitsPerTask: i32;
  units: i32;
  /** Outer dimensions in the output's order: their sizes, 1 where there are fewer, and their strides. */
  sizes0: i32; sizes1: i32; sizes2: i32; sizes3: i32; sizes4: i32;
  xStrides0: i32; xStrides1: i32; xStrides2: i32; xStrides3: i32; xStrides4: i32;
  yStrides0: i32; yStrides1: i32; yStrides2: i32; yStrides3: i32; yStrides4: i32;
}

const SIZES = offsetof<TransposeArguments>("sizes0");
const X_STRIDES = offsetof<TransposeArguments>("xStrides0");
const Y_STRIDES = offsetof<TransposeArguments>("yStrides0");

/** The offset of an outer position in bytes, with `X_STRIDES` or `Y_STRIDES`. */
function outerOffset(a: TransposeArguments, position: i32, strides: usize): usize {
  const args = changetype<usize>(a);
  let offset = 0;
  for (let axis = (OUTER_DIMENSIONS - 1) << 2; axis >= 0; axis -= 4) {
    const size = load<i32>(args + SIZES + axis);
    offset += (position % size) * load<i32>(args + strides + axis);
    position /= size;
  }
  return <usize>offset << 2;
}

/** A unit is a row of `along` numbers. */
export function copyRows(a: TransposeArguments, task: u32, thread: u32): void {
  const end = min(a.units, <i32>(task + 1) * a.unitsPerTask);
  for (let unit = <i32>task * a.unitsPerTask; unit < end; unit++) {
    copyRow(a.x + outerOffset(a, unit, X_STRIDES), a.y + ((<usize>unit * a.along) << 2), <usize>a.along << 2);
  }
}

@inline
function copyRow(x: usize, y: usize, bytes: usize): void {
  const end = x + bytes;
  const move = y - x;
  for (; x + 12 < end; x += 16) v128.store(x + move, v128.load(x));
  for (; x < end; x += 4) store<i32>(x + move, load<i32>(x));
}

/** A unit is a strip of up to `TRANSPOSE_STRIP` numbers along the input, of one outer position. */
export function swapDimensions(a: TransposeArguments, task: u32, thread: u32): void {
  const strips = (a.along + TRANSPOSE_STRIP - 1) / TRANSPOSE_STRIP;
  const end = min(a.units, <i32>(task + 1) * a.unitsPerTask);
  for (let unit = <i32>task * a.unitsPerTask; unit < end; unit++) {
    const outer = unit / strips;
    const from = (unit % strips) * TRANSPOSE_STRIP;
    const x = a.x + outerOffset(a, outer, X_STRIDES) + (<usize>from << 2);
    const y = a.y + outerOffset(a, outer, Y_STRIDES) + ((<usize>from * a.alongStride) << 2);
    swapStrip(a, x, y, min(TRANSPOSE_STRIP, a.along - from));
  }
}

function swapStrip(a: TransposeArguments, x: usize, y: usize, along: i32): void {
  const xStride = <usize>a.acrossStride << 2;
  const yStride = <usize>a.alongStride << 2;
  const whole = along & ~3;
  let across = 0;
  for (; across + 3 < a.across; across += 4, x += xStride << 2, y += 16) {
    for (let at = 0; at < whole; at += 4) swapBlock(x + (<usize>at << 2), y + <usize>at * yStride, xStride, yStride);
    for (let at = whole; at < along; at++) swapColumn(x + (<usize>at << 2), y + <usize>at * yStride, xStride, 4);
  }
  for (let at = 0; at < along; at++) swapColumn(x + (<usize>at << 2), y + <usize>at * yStride, xStride, a.across - across);
}

@inline
function swapColumn(x: usize, y: usize, xStride: usize, count: i32): void {
  for (let each = 0; each < count; each++, x += xStride, y += 4) store<i32>(y, load<i32>(x));
}

@inline
function swapBlock(x: usize, y: usize, xStride: usize, yStride: usize): void {
  const a = v128.load(x);
  const b = v128.load(x + xStride);
  const c = v128.load(x + xStride * 2);
  const d = v128.load(x + xStride * 3);
  const abLow = i8x16.shuffle(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
  const cdLow = i8x16.shuffle(c, d, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
  const abHigh = i8x16.shuffle(a, b, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
  const cdHigh = i8x16.shuffle(c, d, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
  v128.store(y, i8x16.shuffle(abLow, cdLow, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23));
  v128.store(y + yStride, i8x16.shuffle(abLow, cdLow, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31));
  v128.store(y + yStride * 2, i8x16.shuffle(abHigh, cdHigh, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23));
  v128.store(y + yStride * 3, i8x16.shuffle(abHigh, cdHigh, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31));
}
