// Dimensions in another order, for numbers of four bytes. All sizes and strides count numbers.
//
// Dimensions that stay together are one. When the last one stays last, rows are copied; else the dimension that the
// output runs along ("across") and the one that the input runs along ("along") swap in blocks of 4 by 4.

/** `outer`: five sizes, five input strides, five output strides, in the output's order, absent ones of size 1. */
@unmanaged
class TransposeArguments {
  x: usize;
  y: usize;
  across: i32;
  acrossStride: i32;
  along: i32;
  alongStride: i32;
  unitsPerTask: i32;
  units: i32;
  outer: i32;
}

const OUTER = offsetof<TransposeArguments>("outer");
const DIMENSIONS: i32 = 5;

/** Where the outer position of this number starts, in bytes, by the strides of the input (1) or the output (2). */
function outerOffset(args: usize, position: i32, strides: i32): usize {
  const sizes = args + OUTER;
  let offset = 0;
  for (let axis = DIMENSIONS - 1; axis >= 0; axis--) {
    const size = load<i32>(sizes + (<usize>axis << 2));
    offset += (position % size) * load<i32>(sizes + (<usize>(strides * DIMENSIONS + axis) << 2));
    position /= size;
  }
  return <usize>offset << 2;
}

/** A unit is a row of `along` numbers. */
export function copyRows(args: usize, task: u32, thread: u32): void {
  const a = changetype<TransposeArguments>(args);
  const end = min(a.units, <i32>(task + 1) * a.unitsPerTask);
  for (let unit = <i32>task * a.unitsPerTask; unit < end; unit++) {
    copyRow(a.x + outerOffset(args, unit, 1), a.y + ((<usize>unit * a.along) << 2), <usize>a.along << 2);
  }
}

@inline
function copyRow(x: usize, y: usize, bytes: usize): void {
  const end = x + bytes;
  const move = y - x;
  for (; x + 12 < end; x += 16) v128.store(x + move, v128.load(x));
  for (; x < end; x += 4) store<i32>(x + move, load<i32>(x));
}

/** Numbers along the input that a unit covers: as many output rows are written side by side. */
const STRIP: i32 = 8;

/** A unit is a strip of `STRIP` numbers along, of one outer position. */
export function swapDimensions(args: usize, task: u32, thread: u32): void {
  const a = changetype<TransposeArguments>(args);
  const strips = (a.along + STRIP - 1) / STRIP;
  const end = min(a.units, <i32>(task + 1) * a.unitsPerTask);
  for (let unit = <i32>task * a.unitsPerTask; unit < end; unit++) {
    const outer = unit / strips;
    const from = (unit % strips) * STRIP;
    const x = a.x + outerOffset(args, outer, 1) + (<usize>from << 2);
    const y = a.y + outerOffset(args, outer, 2) + ((<usize>from * a.alongStride) << 2);
    swapStrip(a, x, y, min(STRIP, a.along - from));
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
