// Reductions whose result has the type of the numbers: extremes, where NaN wins as in tfjs's CPU backend, and sums and
// products of integers, which wrap around.
import { LANE_BYTES } from "../constants";
import { ReduceArguments, reduceItems } from "../reduction";

@unmanaged
@final
class Max<T> {
  @inline
  start(): T {
    if (isFloat<T>()) return <T>-Infinity;
    if (isSigned<T>()) return <T>i32.MIN_VALUE;
    return <T>0;
  }
  @inline
  step(a: T, b: T): T {
    return max<T>(a, b);
  }
  @inline
  stepAll(a: v128, b: v128): v128 {
    return v128.max<T>(a, b);
  }
}

@unmanaged
@final
class Min<T> {
  @inline
  start(): T {
    if (isFloat<T>()) return <T>Infinity;
    if (isSigned<T>()) return <T>i32.MAX_VALUE;
    return <T>255;
  }
  @inline
  step(a: T, b: T): T {
    return min<T>(a, b);
  }
  @inline
  stepAll(a: v128, b: v128): v128 {
    return v128.min<T>(a, b);
  }
}

@unmanaged
@final
class Sum {
  @inline
  start(): i32 {
    return 0;
  }
  @inline
  step(a: i32, b: i32): i32 {
    return a + b;
  }
  @inline
  stepAll(a: v128, b: v128): v128 {
    return i32x4.add(a, b);
  }
}

@unmanaged
@final
class Product {
  @inline
  start(): i32 {
    return 1;
  }
  @inline
  step(a: i32, b: i32): i32 {
    return a * b;
  }
  @inline
  stepAll(a: v128, b: v128): v128 {
    return i32x4.mul(a, b);
  }
}

/** Reduces numbers of type `T` by `Op`, up to four vectors of columns at a time. */
@unmanaged
@final
class Lanes<T, Op> {
  @inline
  width(): i32 {
    return LANE_BYTES / sizeof<T>();
  }
  @inline
  bytesIn(): usize {
    return sizeof<T>();
  }
  @inline
  bytesOut(a: ReduceArguments): usize {
    return sizeof<T>();
  }
  @inline
  reduce(a: ReduceArguments, x: usize, y: usize, count: i32, columns: i32): void {
    const stride = <usize>a.inner * sizeof<T>();
    const bytes = <usize>columns * sizeof<T>();
    if (a.inner == 1) store<T>(y, reduceRow<T, Op>(x, count));
    else if (bytes == 64) reduce4<T, Op>(x, y, count, stride);
    else {
      let at: usize = 0;
      for (; at + 16 <= bytes; at += 16) reduce1<T, Op>(x + at, y + at, count, stride);
      for (; at < bytes; at += sizeof<T>()) reduceColumn<T, Op>(x + at, y + at, count, stride);
    }
  }
}

export function maxFloat(args: ReduceArguments, task: u32, thread: u32): void {
  reduceItems<Lanes<f32, Max<f32>>>(args, task);
}

export function maxInt(args: ReduceArguments, task: u32, thread: u32): void {
  reduceItems<Lanes<i32, Max<i32>>>(args, task);
}

export function maxByte(args: ReduceArguments, task: u32, thread: u32): void {
  reduceItems<Lanes<u8, Max<u8>>>(args, task);
}

export function minFloat(args: ReduceArguments, task: u32, thread: u32): void {
  reduceItems<Lanes<f32, Min<f32>>>(args, task);
}

export function minInt(args: ReduceArguments, task: u32, thread: u32): void {
  reduceItems<Lanes<i32, Min<i32>>>(args, task);
}

export function minByte(args: ReduceArguments, task: u32, thread: u32): void {
  reduceItems<Lanes<u8, Min<u8>>>(args, task);
}

export function sumInt(args: ReduceArguments, task: u32, thread: u32): void {
  reduceItems<Lanes<i32, Sum>>(args, task);
}

export function prodInt(args: ReduceArguments, task: u32, thread: u32): void {
  reduceItems<Lanes<i32, Product>>(args, task);
}

@inline
function reduceRow<T, Op>(x: usize, count: i32): T {
  const op = changetype<Op>(0);
  const end = x + <usize>count * sizeof<T>();
  const whole = x + ((end - x) & ~63);
  let result = op.start();
  let at = x;
  if (at < whole) {
    let a = v128.splat<T>(op.start());
    let b = a;
    let c = a;
    let d = a;
    for (; at < whole; at += 64) {
      a = op.stepAll(a, v128.load(at));
      b = op.stepAll(b, v128.load(at, 16));
      c = op.stepAll(c, v128.load(at, 32));
      d = op.stepAll(d, v128.load(at, 48));
    }
    result = acrossLanes<T, Op>(op.stepAll(op.stepAll(a, b), op.stepAll(c, d)));
  }
  for (; at < end; at += sizeof<T>()) result = op.step(result, load<T>(at));
  return result;
}

@inline
function acrossLanes<T, Op>(vector: v128): T {
  const op = changetype<Op>(0);
  let x = op.stepAll(vector, i8x16.shuffle(vector, vector, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  x = op.stepAll(x, i8x16.shuffle(x, x, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11));
  if (sizeof<T>() == 1) {
    x = op.stepAll(x, i8x16.shuffle(x, x, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));
    x = op.stepAll(x, i8x16.shuffle(x, x, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14));
  }
  return v128.extract_lane<T>(x, 0);
}

@inline
function reduceColumn<T, Op>(x: usize, y: usize, count: i32, stride: usize): void {
  const op = changetype<Op>(0);
  let result = op.start();
  for (let at = x, left = count; left > 0; left--, at += stride) result = op.step(result, load<T>(at));
  store<T>(y, result);
}

@inline
function reduce1<T, Op>(x: usize, y: usize, count: i32, stride: usize): void {
  const op = changetype<Op>(0);
  let result = v128.splat<T>(op.start());
  for (let at = x, left = count; left > 0; left--, at += stride) result = op.stepAll(result, v128.load(at));
  v128.store(y, result);
}

@inline
function reduce4<T, Op>(x: usize, y: usize, count: i32, stride: usize): void {
  const op = changetype<Op>(0);
  let a = v128.splat<T>(op.start());
  let b = a;
  let c = a;
  let d = a;
  for (let at = x, left = count; left > 0; left--, at += stride) {
    a = op.stepAll(a, v128.load(at));
    b = op.stepAll(b, v128.load(at, 16));
    c = op.stepAll(c, v128.load(at, 32));
    d = op.stepAll(d, v128.load(at, 48));
  }
  v128.store(y, a);
  v128.store(y, b, 16);
  v128.store(y, c, 32);
  v128.store(y, d, 48);
}
