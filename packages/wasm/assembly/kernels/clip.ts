// Clips numbers to a range; NaN stays NaN.
import { atLeast, atMost } from "../vector";

/** x and y: [count]. */
@unmanaged
export class ClipArguments {
  x: usize;
  y: usize;
  count: i32;
  low: f32;
  high: f32;
  countPerTask: i32;
}

export function clip(a: ClipArguments, task: u32, thread: u32): void {
  const first = <i32>task * a.countPerTask;
  const count = min(a.countPerTask, a.count - first);
  const low = f32x4.splat(a.low);
  const high = f32x4.splat(a.high);
  const move = a.y - a.x;
  let at = a.x + (<usize>first << 2);
  const whole = at + (<usize>(count & ~3) << 2);
  const end = at + (<usize>count << 2);
  for (; at < whole; at += 16) v128.store(at + move, atMost(atLeast(v128.load(at), low), high));
  for (; at < end; at += 4) store<f32>(at + move, f32x4.extract_lane(atMost(atLeast(v128.load32_splat(at), low), high), 0));
}
