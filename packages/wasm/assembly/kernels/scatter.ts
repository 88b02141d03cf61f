// Scatters rows by indices that the caller has checked. A task handles all rows of some columns in order, so that the last
// of equal indices wins and sums are added in order.
import { copyBytes } from "../copy-bytes";

/** y: [rows, columns], from `base` of that shape or from one number; updates: [count, columns], or one number. */
@unmanaged
export class ScatterArguments {
  y: usize;
  base: usize;
  baseIsOne: i32;
  updates: usize;
  updateIsOne: i32;
  indices: usize;
  rows: i32;
  columns: i32;
  count: i32;
  columnsPerTask: i32;
}

@unmanaged
@final
class Replace<T> {
  @inline
  join(before: T, update: T): T {
    return update;
  }
}

@unmanaged
@final
class Add<T> {
  @inline
  join(before: T, update: T): T {
    if (sizeof<T>() == 1) return <T>(before | update); // of booleans
    return <T>(before + update);
  }
}

export function scatterReplaceWord(args: ScatterArguments, task: u32, thread: u32): void {
  scatter<i32, Replace<i32>>(args, task);
}

export function scatterReplaceByte(args: ScatterArguments, task: u32, thread: u32): void {
  scatter<u8, Replace<u8>>(args, task);
}

export function scatterAddFloat(args: ScatterArguments, task: u32, thread: u32): void {
  scatter<f32, Add<f32>>(args, task);
}

export function scatterAddInt(args: ScatterArguments, task: u32, thread: u32): void {
  scatter<i32, Add<i32>>(args, task);
}

export function scatterAddByte(args: ScatterArguments, task: u32, thread: u32): void {
  scatter<u8, Add<u8>>(args, task);
}

@inline
function scatter<T, Join>(a: ScatterArguments, task: u32): void {
  const join = changetype<Join>(0);
  const from = <usize>task * a.columnsPerTask * sizeof<T>();
  const bytes = min(<usize>a.columnsPerTask * sizeof<T>(), <usize>a.columns * sizeof<T>() - from);
  const rowBytes = <usize>a.columns * sizeof<T>();
  for (let row = 0; row < a.rows; row++) {
    const offset = <usize>row * rowBytes + from;
    if (a.baseIsOne) fillWith<T>(a.y + offset, load<T>(a.base), bytes);
    else copyBytes(a.y + offset, a.base + offset, bytes);
  }
  for (let update = 0; update < a.count; update++) {
    const to = a.y + <usize>load<i32>(a.indices + (<usize>update << 2)) * rowBytes + from;
    const start = a.updates + <usize>update * rowBytes + from;
    for (let at: usize = 0; at < bytes; at += sizeof<T>()) {
      store<T>(to + at, join.join(load<T>(to + at), load<T>(a.updateIsOne ? a.updates : start + at)));
    }
  }
}

@inline
function fillWith<T>(to: usize, value: T, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += sizeof<T>()) store<T>(to + at, value);
}
