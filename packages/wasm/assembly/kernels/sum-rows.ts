// Sums of rows, and rows plus a number.
import { loadPart, storePart } from "../parts";
import { subtract } from "../rows";

/** y: [columns], the sum of [rows, columns] whose rows are `stride` bytes apart; `columnsPerTask` columns per task, a multiple of 4. */
@unmanaged
export class SumRowsArguments {
  x: usize;
  y: usize;
  rows: i32;
  columns: i32;
  stride: usize;
  columnsPerTask: i32;
}

export function sumRows(a: SumRowsArguments, task: u32, thread: u32): void {
  const end = min(a.columns, <i32>(task + 1) * a.columnsPerTask);
  for (let column = <i32>task * a.columnsPerTask; column < end; column += 4) {
    const at = <usize>column << 2;
    const left = end - column;
    let sum = f32x4.splat(0);
    for (let row: usize = 0; row < <usize>a.rows; row++) {
      const x = a.x + row * a.stride + at;
      sum = f32x4.add(sum, left < 4 ? loadPart(x, left) : v128.load(x));
    }
    if (left < 4) storePart(a.y + at, sum, left);
    else v128.store(a.y + at, sum);
  }
}

/** y = x + value, both [count]; y = value when the address x is 0. */
@unmanaged
export class ShiftArguments {
  x: usize;
  y: usize;
  count: i32;
  value: f32;
}

export function shift(a: ShiftArguments, task: u32, thread: u32): void {
  if (a.x) return subtract(a.x, a.y, a.count, -a.value);
  for (let at: usize = 0; at < <usize>a.count << 2; at += 4) store<f32>(a.y + at, a.value);
}
