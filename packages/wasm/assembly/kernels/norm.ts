// LayerNorm and RMSNorm over rows, and their gradients.
import { loadPart, storePart } from "../parts";
import { gradientMoments, moments, multiply, subtract } from "../rows";
import { madd, nmadd } from "../vector";

/** x and y: [rows, columns]; weight and bias: [columns]; mean and rstd: [rows]; `rowsPerTask` rows per task. */
@unmanaged
export class NormArguments {
  x: usize;
  weight: usize;
  bias: usize;
  y: usize;
  mean: usize;
  rstd: usize;
  rows: i32;
  columns: i32;
  rowsPerTask: i32;
  eps: f32;
}

export function layerNorm(a: NormArguments, task: u32, thread: u32): void {
  const end = min(a.rows, <i32>(task + 1) * a.rowsPerTask);
  for (let row = <i32>task * a.rowsPerTask; row < end; row++) layerNormRow(a, <usize>row);
}

/** The unit of rows whose squares overflow, a power of 2: from 1e19 to the largest float32 becomes 1e-10 to 4e9. */
const SMALL: f32 = 1.262177448e-29; // 2^-96

function layerNormRow(a: NormArguments, row: usize): void {
  const offset = row * a.columns * 4;
  const y = a.y + offset;
  let x = a.x + offset;
  let sums = moments(x, a.columns);
  let unit: f64 = 1;
  if (overflows(sums)) {
    unit = SMALL;
    multiply(x, y, a.columns, SMALL);
    x = y;
    sums = moments(x, a.columns);
  }
  let mean = f64x2.extract_lane(sums, 0) / a.columns;
  let variance = f64x2.extract_lane(sums, 1) / a.columns - mean * mean;
  let shift: f64 = 0;
  if (isLarge(mean, variance)) {
    shift = <f64>(<f32>mean);
    subtract(x, y, a.columns, <f32>shift);
    x = y;
    sums = moments(x, a.columns);
    mean = f64x2.extract_lane(sums, 0) / a.columns;
    variance = f64x2.extract_lane(sums, 1) / a.columns - mean * mean;
  }
  const rstd = 1 / sqrt(max(variance, 0) + a.eps * unit * unit);
  store<f32>(a.mean + row * 4, <f32>((shift + mean) / unit));
  store<f32>(a.rstd + row * 4, <f32>(rstd * unit));
  normalize(x, y, a.weight, a.bias, a.columns, <f32>rstd, <f32>(-mean * rstd));
}

/** Whether squares of x would lose digits of the variance, or overflow; then the mean is subtracted first. */
@inline
function isLarge(mean: f64, variance: f64): bool {
  return !(mean * mean <= variance && variance < 1e37);
}

/** Whether the sum of squares is infinite or NaN. */
@inline
function overflows(sums: v128): bool {
  return !(f64x2.extract_lane(sums, 1) < Infinity);
}

export function rmsNorm(a: NormArguments, task: u32, thread: u32): void {
  const end = min(a.rows, <i32>(task + 1) * a.rowsPerTask);
  for (let row = <usize>(<i32>task * a.rowsPerTask); <i32>row < end; row++) rmsNormRow(a, row);
}

function rmsNormRow(a: NormArguments, row: usize): void {
  const offset = row * a.columns * 4;
  const y = a.y + offset;
  let x = a.x + offset;
  let sums = moments(x, a.columns);
  let unit: f64 = 1;
  if (overflows(sums)) {
    unit = SMALL;
    multiply(x, y, a.columns, SMALL);
    x = y;
    sums = moments(x, a.columns);
  }
  const rstd = 1 / sqrt(f64x2.extract_lane(sums, 1) / a.columns + a.eps * unit * unit);
  store<f32>(a.rstd + row * 4, <f32>(rstd * unit));
  normalize(x, y, a.weight, a.bias, a.columns, <f32>rstd, 0);
}

/** y = (x · scale + offset) · weight + bias. */
function normalize(x: usize, y: usize, weight: usize, bias: usize, columns: i32, scale: f32, offset: f32): void {
  const toY = y - x;
  const toWeight = weight - x;
  const toBias = bias - x;
  const scale4 = f32x4.splat(scale);
  const offset4 = f32x4.splat(offset);
  const end = x + ((<usize>columns & ~3) << 2);
  for (; x < end; x += 16) {
    const normal = madd(v128.load(x), scale4, offset4);
    v128.store(x + toY, madd(normal, v128.load(x + toWeight), v128.load(x + toBias)));
  }
  const left = columns & 3;
  if (left == 0) return;
  const normal = madd(loadPart(x, left), scale4, offset4);
  storePart(x + toY, madd(normal, loadPart(x + toWeight, left), loadPart(x + toBias, left)), left);
}

/**
 * dy, x and dx: [rows, columns]; weight: [columns]; mean and rstd: [rows]. Each task
 * writes its part of the gradients of weight and bias to its own row of `partials` [tasks, 2, columns].
 */
@unmanaged
export class NormGradArguments {
  dy: usize;
  x: usize;
  weight: usize;
  mean: usize;
  rstd: usize;
  dx: usize;
  partials: usize;
  rows: i32;
  columns: i32;
  rowsPerTask: i32;
}

export function layerNormGrad(args: NormGradArguments, task: u32, thread: u32): void {
  normGrad(true, args, task);
}

export function rmsNormGrad(args: NormGradArguments, task: u32, thread: u32): void {
  normGrad(false, args, task);
}

@inline
function normGrad(centred: bool, a: NormGradArguments, task: u32): void {
  const end = min(a.rows, <i32>(task + 1) * a.rowsPerTask);
  const partial = a.partials + <usize>task * a.columns * 8;
  memory.fill(partial, 0, <usize>a.columns * 8);
  for (let row = <usize>(<i32>task * a.rowsPerTask); <i32>row < end; row++) {
    if (centred) layerNormGradRow(a, row, partial);
    else rmsNormGradRow(a, row, partial);
  }
}

/** Below this rstd, sums of deviations, or a deviation, may overflow. */
const FAR: f32 = 1e-18;

/** dx = rstd (g - mean g - n · mean(g n)) with g = dy · weight and n = (x - mean) · rstd. */
function layerNormGradRow(a: NormGradArguments, row: usize, partial: usize): void {
  const offset = row * a.columns * 4;
  const dy = a.dy + offset;
  const dx = a.dx + offset;
  let x = a.x + offset;
  let mean: f64 = <f64>load<f32>(a.mean + row * 4);
  const rstd = load<f32>(a.rstd + row * 4);
  let scale = rstd;
  if (!(abs(mean) * rstd <= 1)) {
    if (rstd < FAR) {
      multiply(x, dx, a.columns, SMALL);
      x = dx;
      mean *= SMALL;
      scale = rstd / SMALL;
    }
    subtract(x, dx, a.columns, <f32>mean); // and the mean of the remainder, which corrects the float32 rounding of the mean
    x = dx;
    mean = f64x2.extract_lane(moments(x, a.columns), 0) / a.columns;
  }
  const shift = <f32>(-mean * scale);
  const sums = gradientMoments(x, dy, a.weight, a.columns, scale, shift);
  const ofG = f64x2.extract_lane(sums, 0) / a.columns;
  const ofProduct = f64x2.extract_lane(sums, 1) / a.columns;
  writeGradient(x, dy, a.weight, dx, partial, a.columns, rstd, scale, shift, <f32>ofG, <f32>ofProduct);
}

function rmsNormGradRow(a: NormGradArguments, row: usize, partial: usize): void {
  const offset = row * a.columns * 4;
  const x = a.x + offset;
  const dy = a.dy + offset;
  const rstd = load<f32>(a.rstd + row * 4);
  const products = f64x2.extract_lane(gradientMoments(x, dy, a.weight, a.columns, rstd, 0), 1);
  writeGradient(x, dy, a.weight, a.dx + offset, partial, a.columns, rstd, rstd, 0, 0, <f32>(products / a.columns));
}

/** dx = rstd (dy · weight - ofG - n · ofProduct), and adds dy · n and dy to the partial sums, where n = x · scale + shift. */
function writeGradient(
  x: usize, dy: usize, weight: usize, dx: usize, partial: usize, columns: i32,
  rstd: f32, scale: f32, shift: f32, ofG: f32, ofProduct: f32,
): void {
  const rstd4 = f32x4.splat(rstd);
  const scale4 = f32x4.splat(scale);
  const shift4 = f32x4.splat(shift);
  const ofG4 = f32x4.splat(ofG);
  const ofProduct4 = f32x4.splat(ofProduct);
  const toBias = <usize>columns << 2;
  const whole = (<usize>columns & ~3) << 2;
  for (let at: usize = 0; at < whole; at += 16) {
    const n = madd(v128.load(x + at), scale4, shift4);
    const d = v128.load(dy + at);
    const g = f32x4.sub(f32x4.mul(d, v128.load(weight + at)), ofG4);
    v128.store(dx + at, f32x4.mul(rstd4, nmadd(n, ofProduct4, g)));
    v128.store(partial + at, madd(d, n, v128.load(partial + at)));
    v128.store(partial + toBias + at, f32x4.add(d, v128.load(partial + toBias + at)));
  }
  const left = columns & 3;
  if (left == 0) return;
  const n = madd(loadPart(x + whole, left), scale4, shift4);
  const d = loadPart(dy + whole, left);
  const g = f32x4.sub(f32x4.mul(d, loadPart(weight + whole, left)), ofG4);
  storePart(dx + whole, f32x4.mul(rstd4, nmadd(n, ofProduct4, g)), left);
  storePart(partial + whole, madd(d, n, loadPart(partial + whole, left)), left);
  storePart(partial + toBias + whole, f32x4.add(d, loadPart(partial + toBias + whole, left)), left);
}
