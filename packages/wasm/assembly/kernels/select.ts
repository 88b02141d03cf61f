// Takes numbers of one tensor where a condition holds, and of another elsewhere.
import { copyBytes } from "../copy-bytes";

/** condition: [rows] bytes; t, e, y: [rows, rowBytes] bytes. */
@unmanaged
export class SelectArguments {
  condition: usize;
  t: usize;
  e: usize;
  y: usize;
  rows: i32;
  rowBytes: i32;
  rowsPerTask: i32;
}

/** Rows of any size. */
export function selectRows(a: SelectArguments, task: u32, thread: u32): void {
  const first = <i32>task * a.rowsPerTask;
  const end = min(first + a.rowsPerTask, a.rows);
  for (let row = first; row < end; row++) {
    const offset = <usize>row * a.rowBytes;
    copyBytes(a.y + offset, (load<u8>(a.condition + row) ? a.t : a.e) + offset, a.rowBytes);
  }
}

/** Rows of one word. */
export function selectWords(a: SelectArguments, task: u32, thread: u32): void {
  let row = <i32>task * a.rowsPerTask;
  const end = min(row + a.rowsPerTask, a.rows);
  for (; row + 4 <= end; row += 4) {
    const bytes = v128.load32_zero(a.condition + row);
    const words = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes));
    const chosen = i32x4.ne(words, i32x4.splat(0));
    const offset = <usize>row << 2;
    v128.store(a.y + offset, v128.bitselect(v128.load(a.t + offset), v128.load(a.e + offset), chosen));
  }
  for (; row < end; row++) {
    const offset = <usize>row << 2;
    store<i32>(a.y + offset, load<i32>((load<u8>(a.condition + row) ? a.t : a.e) + offset));
  }
}

/** Rows of one byte. */
export function selectBytes(a: SelectArguments, task: u32, thread: u32): void {
  let row = <i32>task * a.rowsPerTask;
  const end = min(row + a.rowsPerTask, a.rows);
  for (; row + 16 <= end; row += 16) {
    const chosen = i8x16.ne(v128.load(a.condition + row), i8x16.splat(0));
    v128.store(a.y + row, v128.bitselect(v128.load(a.t + row), v128.load(a.e + row), chosen));
  }
  for (; row < end; row++) store<u8>(a.y + row, load<u8>((load<u8>(a.condition + row) ? a.t : a.e) + row));
}
