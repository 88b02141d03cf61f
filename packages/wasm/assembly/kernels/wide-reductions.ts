// Sums and products of float32, accumulated in float64 and rounded once at the end.
import { WIDE_BYTES, WIDE_COLUMNS } from "../constants";
import { ReduceArguments, reduceItems } from "../reduction";

@unmanaged
@final
class Sum {
  @inline
  start(): f64 {
    return 0;
  }
  @inline
  step(a: f64, b: f64): f64 {
    return a + b;
  }
  @inline
  step2(a: v128, b: v128): v128 {
    return f64x2.add(a, b);
  }
}

@unmanaged
@final
class Product {
  @inline
  start(): f64 {
    return 1;
  }
  @inline
  step(a: f64, b: f64): f64 {
    return a * b;
  }
  @inline
  step2(a: v128, b: v128): v128 {
    return f64x2.mul(a, b);
  }
}

/** Reduces numbers of type `In` by `Op`, up to 16 columns at a time. */
@unmanaged
@final
class Wide<In, Op> {
  @inline
  width(): i32 {
    return WIDE_COLUMNS;
  }
  @inline
  bytesIn(): usize {
    return sizeof<In>();
  }
  @inline
  bytesOut(a: ReduceArguments): usize {
    return a.divisor == 0 ? WIDE_BYTES : <usize>4;
  }
  @inline
  reduce(a: ReduceArguments, x: usize, y: usize, count: i32, columns: i32): void {
    const stride = <usize>a.inner * sizeof<In>();
    if (a.inner == 1) put(a, y, reduceRow<In, Op>(x, count));
    else if (columns == 16) reduce16<In, Op>(a, x, y, count, stride);
    else {
      for (; columns >= 2; columns -= 2) {
        put2(a, y, reduce2<In, Op>(x, count, stride));
        x += 2 * sizeof<In>();
        y += 2 * this.bytesOut(a);
      }
      if (columns == 1) put(a, y, reduce1<In, Op>(x, count, stride));
    }
  }
}

export function sumFloat(args: ReduceArguments, task: u32, thread: u32): void {
  reduceItems<Wide<f32, Sum>>(args, task);
}

export function sumPartial(args: ReduceArguments, task: u32, thread: u32): void {
  reduceItems<Wide<f64, Sum>>(args, task);
}

export function prodFloat(args: ReduceArguments, task: u32, thread: u32): void {
  reduceItems<Wide<f32, Product>>(args, task);
}

export function prodPartial(args: ReduceArguments, task: u32, thread: u32): void {
  reduceItems<Wide<f64, Product>>(args, task);
}

@inline
function load2<In>(at: usize): v128 {
  if (sizeof<In>() == 8) return v128.load(at);
  return f64x2.promote_low_f32x4(v128.load64_zero(at));
}

@inline
function put(a: ReduceArguments, y: usize, value: f64): void {
  if (a.divisor == 0) store<f64>(y, value);
  else store<f32>(y, <f32>(value / <f64>a.divisor));
}

@inline
function put2(a: ReduceArguments, y: usize, value: v128): void {
  if (a.divisor == 0) v128.store(y, value);
  else v128.store64_lane(y, f32x4.demote_f64x2_zero(f64x2.div(value, f64x2.splat(<f64>a.divisor))), 0);
}

@inline
function reduceRow<In, Op>(x: usize, count: i32): f64 {
  const op = changetype<Op>(0);
  const end = x + <usize>count * sizeof<In>();
  const whole = x + <usize>(count & ~7) * sizeof<In>();
  let sum = op.start();
  let at = x;
  if (count >= 8) {
    let a = f64x2.splat(op.start());
    let b = a;
    let c = a;
    let d = a;
    for (; at < whole; at += 8 * sizeof<In>()) {
      a = op.step2(a, load2<In>(at));
      b = op.step2(b, load2<In>(at + 2 * sizeof<In>()));
      c = op.step2(c, load2<In>(at + 4 * sizeof<In>()));
      d = op.step2(d, load2<In>(at + 6 * sizeof<In>()));
    }
    const all = op.step2(op.step2(a, b), op.step2(c, d));
    sum = op.step(f64x2.extract_lane(all, 0), f64x2.extract_lane(all, 1));
  }
  for (; at < end; at += sizeof<In>()) sum = op.step(sum, <f64>load<In>(at));
  return sum;
}

@inline
function reduce1<In, Op>(x: usize, count: i32, stride: usize): f64 {
  const op = changetype<Op>(0);
  let sum = op.start();
  for (let at = x, left = count; left > 0; left--, at += stride) sum = op.step(sum, <f64>load<In>(at));
  return sum;
}

@inline
function reduce2<In, Op>(x: usize, count: i32, stride: usize): v128 {
  const op = changetype<Op>(0);
  let sum = f64x2.splat(op.start());
  for (let at = x, left = count; left > 0; left--, at += stride) sum = op.step2(sum, load2<In>(at));
  return sum;
}

@inline
function reduce16<In, Op>(args: ReduceArguments, x: usize, y: usize, count: i32, stride: usize): void {
  const op = changetype<Op>(0);
  let a = f64x2.splat(op.start());
  let b = a;
  let c = a;
  let d = a;
  let e = a;
  let f = a;
  let g = a;
  let h = a;
  for (let at = x, left = count; left > 0; left--, at += stride) {
    a = op.step2(a, load2<In>(at));
    b = op.step2(b, load2<In>(at + 2 * sizeof<In>()));
    c = op.step2(c, load2<In>(at + 4 * sizeof<In>()));
    d = op.step2(d, load2<In>(at + 6 * sizeof<In>()));
    e = op.step2(e, load2<In>(at + 8 * sizeof<In>()));
    f = op.step2(f, load2<In>(at + 10 * sizeof<In>()));
    g = op.step2(g, load2<In>(at + 12 * sizeof<In>()));
    h = op.step2(h, load2<In>(at + 14 * sizeof<In>()));
  }
  const bytes: usize = args.divisor == 0 ? 16 : 8;
  put2(args, y, a);
  put2(args, y + bytes, b);
  put2(args, y + 2 * bytes, c);
  put2(args, y + 3 * bytes, d);
  put2(args, y + 4 * bytes, e);
  put2(args, y + 5 * bytes, f);
  put2(args, y + 6 * bytes, g);
  put2(args, y + 7 * bytes, h);
}
