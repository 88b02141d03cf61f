// Cumulative sums and products along an axis; float32 accumulates in float64.

/** x and y: [outer, length, inner]; an item is one column of one outer. */
@unmanaged
export class ScanArguments {
  x: usize;
  y: usize;
  outer: i32;
  length: i32;
  inner: i32;
  exclusive: i32;
  reverse: i32;
  itemsPerTask: i32;
}

@unmanaged
@final
class Sum<T> {
  @inline
  start(): T {
    return 0;
  }
  @inline
  step(a: T, b: T): T {
    return a + b;
  }
}

@unmanaged
@final
class Product<T> {
  @inline
  start(): T {
    return 1;
  }
  @inline
  step(a: T, b: T): T {
    return a * b;
  }
}

export function cumsumFloat(args: ScanArguments, task: u32, thread: u32): void {
  scan<f32, f64, Sum<f64>>(args, task);
}

export function cumsumInt(args: ScanArguments, task: u32, thread: u32): void {
  scan<i32, i32, Sum<i32>>(args, task);
}

export function cumprodFloat(args: ScanArguments, task: u32, thread: u32): void {
  scan<f32, f64, Product<f64>>(args, task);
}

export function cumprodInt(args: ScanArguments, task: u32, thread: u32): void {
  scan<i32, i32, Product<i32>>(args, task);
}

/** Four columns at a time, which uses whole cache lines, and the rest one by one. */
@inline
function scan<T, Total, Op>(a: ScanArguments, task: u32): void {
  const first = <i32>task * a.itemsPerTask;
  const end = min(first + a.itemsPerTask, a.outer * a.inner);
  for (let item = first; item < end; ) {
    const column = item % a.inner;
    const offset = (<usize>(item / a.inner) * a.length * a.inner + column) * sizeof<T>();
    if (column + 4 <= a.inner && item + 4 <= end) {
      scan4<T, Total, Op>(a, offset);
      item += 4;
    } else {
      scan1<T, Total, Op>(a, offset);
      item++;
    }
  }
}

@inline
function scan1<T, Total, Op>(a: ScanArguments, offset: usize): void {
  const op = changetype<Op>(0);
  const stride = <usize>a.inner * sizeof<T>();
  const move = a.y - a.x;
  let at = a.x + offset + (a.reverse ? stride * (a.length - 1) : 0);
  let total = op.start();
  for (let left = a.length; left > 0; left--, at = a.reverse ? at - stride : at + stride) {
    const next = op.step(total, <Total>load<T>(at));
    store<T>(at + move, <T>(a.exclusive ? total : next));
    total = next;
  }
}

@inline
function scan4<T, Total, Op>(a: ScanArguments, offset: usize): void {
  const op = changetype<Op>(0);
  const stride = <usize>a.inner * sizeof<T>();
  const move = a.y - a.x;
  let at = a.x + offset + (a.reverse ? stride * (a.length - 1) : 0);
  let total0 = op.start();
  let total1 = op.start();
  let total2 = op.start();
  let total3 = op.start();
  for (let left = a.length; left > 0; left--, at = a.reverse ? at - stride : at + stride) {
    const next0 = op.step(total0, <Total>load<T>(at));
    const next1 = op.step(total1, <Total>load<T>(at + sizeof<T>()));
    const next2 = op.step(total2, <Total>load<T>(at + 2 * sizeof<T>()));
    const next3 = op.step(total3, <Total>load<T>(at + 3 * sizeof<T>()));
    const to = at + move;
    store<T>(to, <T>(a.exclusive ? total0 : next0));
    store<T>(to + sizeof<T>(), <T>(a.exclusive ? total1 : next1));
    store<T>(to + 2 * sizeof<T>(), <T>(a.exclusive ? total2 : next2));
    store<T>(to + 3 * sizeof<T>(), <T>(a.exclusive ? total3 : next3));
    total0 = next0;
    total1 = next1;
    total2 = next2;
    total3 = next3;
  }
}
