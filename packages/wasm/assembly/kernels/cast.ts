// Converts numbers between types as JavaScript does.

/** x and y: [count]. */
@unmanaged
export class CastArguments {
  x: usize;
  y: usize;
  count: i32;
  countPerTask: i32;
}

export function castFloatToInt(args: CastArguments, task: u32, thread: u32): void {
  cast<f32, i32>(args, task);
}

export function castFloatToBool(args: CastArguments, task: u32, thread: u32): void {
  cast<f32, u8>(args, task);
}

export function castIntToFloat(args: CastArguments, task: u32, thread: u32): void {
  cast<i32, f32>(args, task);
}

export function castIntToBool(args: CastArguments, task: u32, thread: u32): void {
  cast<i32, u8>(args, task);
}

export function castBoolToFloat(args: CastArguments, task: u32, thread: u32): void {
  cast<u8, f32>(args, task);
}

export function castBoolToInt(args: CastArguments, task: u32, thread: u32): void {
  cast<u8, i32>(args, task);
}

@inline
function cast<From, To>(a: CastArguments, task: u32): void {
  const first = <i32>task * a.countPerTask;
  const end = min(first + a.countPerTask, a.count);
  for (let at = first; at < end; at++) {
    store<To>(a.y + <usize>at * sizeof<To>(), convert<From, To>(load<From>(a.x + <usize>at * sizeof<From>())));
  }
}

@inline
function convert<From, To>(value: From): To {
  if (sizeof<To>() == 1) return <To>(value != <From>0); // a NaN is true
  if (isFloat<From>()) return <To>truncate(<f32>value);
  return <To>value;
}

/** ECMAScript's ToInt32: towards zero, modulo 2^32; 0 for NaN and infinities. From 2^63 on a float32 is a multiple of 2^32. */
@inline
function truncate(value: f32): i32 {
  return abs(value) < <f32>9223372036854775808.0 ? <i32>(<i64>value) : 0;
}
