// Softmax over rows.
import { atLeast, exp4, horizontalMax, horizontalSum } from "../vector";

/** x and y: [rows, columns]; `rowsPerTask` rows a task. */
@unmanaged
class SoftmaxArguments {
  x: usize;
  y: usize;
  rows: i32;
  columns: i32;
  rowsPerTask: i32;
}

export function softmax(args: usize, task: u32, thread: u32): void {
  const a = changetype<SoftmaxArguments>(args);
  const end = min(a.rows, <i32>(task + 1) * a.rowsPerTask);
  for (let row = <i32>task * a.rowsPerTask; row < end; row++) {
    const offset = (<usize>row * a.columns) << 2;
    softmaxRow(a.x + offset, a.y + offset, a.columns);
  }
}

function softmaxRow(x: usize, y: usize, columns: i32): void {
  const whole = x + ((<usize>columns & ~3) << 2);
  const end = x + ((<usize>columns) << 2);
  let largest4 = f32x4.splat(-Infinity);
  let at = x;
  for (; at < whole; at += 16) largest4 = atLeast(v128.load(at), largest4);
  let largest = horizontalMax(largest4);
  for (; at < end; at += 4) largest = max(largest, load<f32>(at));
  const shift = f32x4.splat(largest);
  let sum4 = f32x4.splat(0);
  const move = y - x;
  for (at = x; at < whole; at += 16) {
    const e = exp4(f32x4.sub(v128.load(at), shift));
    v128.store(at + move, e);
    sum4 = f32x4.add(sum4, e);
  }
  let sum = horizontalSum(sum4);
  for (; at < end; at += 4) {
    const e = f32x4.extract_lane(exp4(f32x4.sub(v128.load32_splat(at), shift)), 0);
    store<f32>(at + move, e);
    sum += e;
  }
  const factor = <f32>1 / sum;
  const factor4 = f32x4.splat(factor);
  for (at = x + move; at < whole + move; at += 16) v128.store(at, f32x4.mul(v128.load(at), factor4));
  for (; at < end + move; at += 4) store<f32>(at, load<f32>(at) * factor);
}
