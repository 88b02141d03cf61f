// Products of a few rows with a large matrix: each number of the matrix is read once, and nothing is packed.
import { finishBlock } from "../finish-block";
import { horizontalSum, madd } from "../vector";

/** C [rows][columns] = A [rows][depth] B; a task is one block of columns. */
@unmanaged
class GemvArguments {
  a: usize;
  b: usize;
  c: usize;
  /** [columns], or 0. */
  bias: usize;
  rows: i32;
  columns: i32;
  depth: i32;
  columnBlock: i32;
  activation: i32;
  alpha: f32;
}

/** B as lines [columns][depth]: dot products. */
export function gemvLines(args: usize, task: u32, thread: u32): void {
  const g = changetype<GemvArguments>(args);
  const first = <i32>task * g.columnBlock;
  const columns = min(g.columnBlock, g.columns - first);
  const line = <usize>g.depth << 2;
  const c = g.c + (<usize>first << 2);
  let b = g.b + <usize>first * line;
  let column = 0;
  for (; column + 4 <= columns; column += 4) {
    for (let row = 0; row < g.rows; row++) fourDots(g.a + <usize>row * line, b, line, c + (<usize>(row * g.columns + column) << 2));
    b += 4 * line;
  }
  for (; column < columns; column++) {
    for (let row = 0; row < g.rows; row++) store<f32>(c + (<usize>(row * g.columns + column) << 2), dot(g.a + <usize>row * line, b, line));
    b += line;
  }
  finish(g, c, columns, first);
}

function finish(g: GemvArguments, c: usize, columns: i32, first: i32): void {
  const bias = g.bias ? g.bias + (<usize>first << 2) : 0;
  if (bias || g.activation) finishBlock(c, g.rows, columns, <usize>g.columns << 2, bias, g.activation, g.alpha);
}

/** Four adjacent lines of B with one row of A. */
function fourDots(a: usize, b0: usize, line: usize, to: usize): void {
  let b1 = b0 + line;
  let b2 = b1 + line;
  let b3 = b2 + line;
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
  store<f32>(to, t1, 4);
  store<f32>(to, t2, 8);
  store<f32>(to, t3, 12);
}

function dot(a: usize, b: usize, line: usize): f32 {
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

/** B as rows [depth][columns]: sums of scaled rows, four at a time. */
export function gemvRows(args: usize, task: u32, thread: u32): void {
  const g = changetype<GemvArguments>(args);
  const first = <i32>task * g.columnBlock;
  const columns = min(g.columnBlock, g.columns - first);
  const stride = <usize>g.columns << 2;
  const c = g.c + (<usize>first << 2);
  const b = g.b + (<usize>first << 2);
  for (let row = 0; row < g.rows; row++) memory.fill(c + <usize>row * stride, 0, <usize>columns << 2);
  for (let step = 0; step < g.depth; step += 4) {
    const steps = min(4, g.depth - step);
    for (let row = 0; row < g.rows; row++) {
      const a = g.a + (<usize>(row * g.depth + step) << 2);
      const to = c + <usize>row * stride;
      if (steps == 4) addFourRows(to, a, b + <usize>step * stride, stride, columns);
      else for (let part = 0; part < steps; part++) addRow(to, load<f32>(a + (<usize>part << 2)), b + <usize>(step + part) * stride, columns);
    }
  }
  finish(g, c, columns, first);
}

function addFourRows(to: usize, a: usize, b0: usize, stride: usize, columns: i32): void {
  const b1 = b0 + stride;
  const b2 = b1 + stride;
  const b3 = b2 + stride;
  const a0 = v128.load32_splat(a);
  const a1 = v128.load32_splat(a, 4);
  const a2 = v128.load32_splat(a, 8);
  const a3 = v128.load32_splat(a, 12);
  const whole = <usize>(columns & ~3) << 2;
  let at: usize = 0;
  for (; at < whole; at += 16) {
    let sum = madd(a0, v128.load(b0 + at), v128.load(to + at));
    sum = madd(a1, v128.load(b1 + at), sum);
    sum = madd(a2, v128.load(b2 + at), sum);
    v128.store(to + at, madd(a3, v128.load(b3 + at), sum));
  }
  for (; at < <usize>columns << 2; at += 4) {
    let sum = load<f32>(to + at) + load<f32>(a) * load<f32>(b0 + at) + load<f32>(a, 4) * load<f32>(b1 + at);
    sum += load<f32>(a, 8) * load<f32>(b2 + at) + load<f32>(a, 12) * load<f32>(b3 + at);
    store<f32>(to + at, sum);
  }
}

function addRow(to: usize, a: f32, b: usize, columns: i32): void {
  for (let column = 0; column < columns; column++) {
    store<f32>(to, load<f32>(to) + a * load<f32>(b));
    to += 4;
    b += 4;
  }
}
