import { copyBytes } from "../copy-bytes";

/** Copies lines of `bytes` bytes, strides in bytes apart; `linesPerTask` per task. */
@unmanaged
export class CopyLinesArguments {
  from: usize;
  to: usize;
  lines: i32;
  bytes: i32;
  fromStride: i32;
  toStride: i32;
  linesPerTask: i32;
}

export function copyLines(a: CopyLinesArguments, task: u32, thread: u32): void {
  const end = min(a.lines, <i32>(task + 1) * a.linesPerTask);
  for (let line = <i32>task * a.linesPerTask; line < end; line++) {
    copyBytes(a.to + <usize>line * a.toStride, a.from + <usize>line * a.fromStride, a.bytes);
  }
}
