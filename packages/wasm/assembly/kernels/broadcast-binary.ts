// Elementwise functions of two tensors that broadcast to each other.
import { OUTER_DIMENSIONS } from "../constants";

/** y: [rows, inner], where the rows run over outer dimensions, the first of which moves slowest. */
@unmanaged
export class BroadcastArguments {
  a: usize;
  b: usize;
  y: usize;
  rows: i32;
  inner: i32;
  /** Numbers from one element of a row to the next: 1, or 0 where one number serves the whole row. */
  aStep: i32;
  bStep: i32;
  rowsPerTask: i32;
  /** Of the outer dimensions: their lengths, 1 where there are fewer, and how far a and b move along them, in numbers. */
  lengths0: i32; lengths1: i32; lengths2: i32; lengths3: i32; lengths4: i32;
  aStrides0: i32; aStrides1: i32; aStrides2: i32; aStrides3: i32; aStrides4: i32;
  bStrides0: i32; bStrides1: i32; bStrides2: i32; bStrides3: i32; bStrides4: i32;
}

const LENGTHS: usize = offsetof<BroadcastArguments>("lengths0");
const A_STRIDES: usize = offsetof<BroadcastArguments>("aStrides0");
const B_STRIDES: usize = offsetof<BroadcastArguments>("bStrides0");

@unmanaged
@final
class Sum {
  @inline
  of(a: f32, b: f32): f32 {
    return a + b;
  }
  @inline
  of4(a: v128, b: v128): v128 {
    return f32x4.add(a, b);
  }
}

@unmanaged
@final
class Product {
  @inline
  of(a: f32, b: f32): f32 {
    return a * b;
  }
  @inline
  of4(a: v128, b: v128): v128 {
    return f32x4.mul(a, b);
  }
}

@unmanaged
@final
class Maximum {
  @inline
  of(a: f32, b: f32): f32 {
    return max<f32>(a, b);
  }
  @inline
  of4(a: v128, b: v128): v128 {
    return f32x4.max(a, b);
  }
}

@unmanaged
@final
class Minimum {
  @inline
  of(a: f32, b: f32): f32 {
    return min<f32>(a, b);
  }
  @inline
  of4(a: v128, b: v128): v128 {
    return f32x4.min(a, b);
  }
}

/** x for x >= 0, alpha x for x < 0. */
@unmanaged
@final
class Prelu {
  @inline
  of(x: f32, alpha: f32): f32 {
    return x < 0 ? alpha * x : x;
  }
  @inline
  of4(x: v128, alpha: v128): v128 {
    return v128.bitselect(f32x4.mul(alpha, x), x, f32x4.lt(x, f32x4.splat(0)));
  }
}

/** floor(a / b), or 0 when b is 0. A float64 quotient is exact enough for int32. */
@unmanaged
@final
class FloorQuotient {
  @inline
  of(a: i32, b: i32): i32 {
    return b == 0 ? 0 : <i32>(<i64>floor<f64>(<f64>a / <f64>b));
  }
}

/** a - b floor(a / b), or 0 when b is 0. */
@unmanaged
@final
class FloorRemainder {
  @inline
  of(a: i32, b: i32): i32 {
    if (b == 0) return 0;
    const remainder = a % b;
    return remainder != 0 && remainder < 0 != b < 0 ? remainder + b : remainder;
  }
}

export function addFloat(args: BroadcastArguments, task: u32, thread: u32): void {
  broadcastRows<f32, Vectors<Sum>>(args, task);
}

export function multiplyFloat(args: BroadcastArguments, task: u32, thread: u32): void {
  broadcastRows<f32, Vectors<Product>>(args, task);
}

export function maximumFloat(args: BroadcastArguments, task: u32, thread: u32): void {
  broadcastRows<f32, Vectors<Maximum>>(args, task);
}

export function minimumFloat(args: BroadcastArguments, task: u32, thread: u32): void {
  broadcastRows<f32, Vectors<Minimum>>(args, task);
}

export function prelu(args: BroadcastArguments, task: u32, thread: u32): void {
  broadcastRows<f32, Vectors<Prelu>>(args, task);
}

export function floorDivInt(args: BroadcastArguments, task: u32, thread: u32): void {
  broadcastRows<i32, Numbers<i32, FloorQuotient>>(args, task);
}

export function modInt(args: BroadcastArguments, task: u32, thread: u32): void {
  broadcastRows<i32, Numbers<i32, FloorRemainder>>(args, task);
}

@inline
function broadcastRows<T, Row>(words: BroadcastArguments, task: u32): void {
  const args = changetype<usize>(words);
  const first = <i32>task * words.rowsPerTask;
  const end = min(first + words.rowsPerTask, words.rows);
  for (let row = first; row < end; row++) {
    let left = row;
    let a: i32 = 0;
    let b: i32 = 0;
    for (let at = (OUTER_DIMENSIONS - 1) << 2; at >= 0; at -= 4) {
      const length = load<i32>(args + LENGTHS + at);
      const position = left % length;
      left /= length;
      a += position * load<i32>(args + A_STRIDES + at);
      b += position * load<i32>(args + B_STRIDES + at);
    }
    changetype<Row>(0).run(
      words,
      words.a + <usize>a * sizeof<T>(),
      words.b + <usize>b * sizeof<T>(),
      words.y + <usize>row * words.inner * sizeof<T>(),
    );
  }
}

/** Computes a row one number at a time. */
@unmanaged
@final
class Numbers<T, Op> {
  @inline
  run(words: BroadcastArguments, a: usize, b: usize, y: usize): void {
    const op = changetype<Op>(0);
    const aBytes = <usize>words.aStep * sizeof<T>();
    const bBytes = <usize>words.bStep * sizeof<T>();
    const end = y + <usize>words.inner * sizeof<T>();
    for (; y < end; y += sizeof<T>(), a += aBytes, b += bBytes) store<T>(y, op.of(load<T>(a), load<T>(b)));
  }
}

/** Computes a row of float32 four numbers at a time. */
@unmanaged
@final
class Vectors<Op> {
  @inline
  run(words: BroadcastArguments, a: usize, b: usize, y: usize): void {
    const op = changetype<Op>(0);
    const aBytes = <usize>words.aStep << 2;
    const bBytes = <usize>words.bStep << 2;
    const end = y + (<usize>words.inner << 2);
    for (const whole = y + (<usize>(words.inner & ~3) << 2); y < whole; y += 16, a += aBytes << 2, b += bBytes << 2) {
      v128.store(y, op.of4(load4(a, aBytes), load4(b, bBytes)));
    }
    for (; y < end; y += 4, a += aBytes, b += bBytes) store<f32>(y, op.of(load<f32>(a), load<f32>(b)));
  }
}

/** Loads four adjacent numbers, or one number four times. */
@inline
function load4(at: usize, step: usize): v128 {
  return step == 0 ? v128.load32_splat(at) : v128.load(at);
}
