@unmanaged
export class FindNonFiniteArguments {
  x: usize;
  size: i32;
  numbersPerTask: i32;
  /** A word for each task: 1 when its part holds a NaN or an infinity, else 0. */
  flags: usize;
}

export function findNonFinite(a: FindNonFiniteArguments, task: u32, thread: u32): void {
  const first = <i32>task * a.numbersPerTask;
  const count = min(a.numbersPerTask, a.size - first);
  let at = a.x + (<usize>first << 2);
  const whole = at + (<usize>(count & ~3) << 2);
  const end = at + (<usize>count << 2);
  // x - x is 0 for finite numbers and NaN for others, whose bits stay set in the or
  let found = f32x4.splat(0);
  for (; at < whole; at += 16) {
    const x = v128.load(at);
    found = v128.or(found, f32x4.sub(x, x));
  }
  for (; at < end; at += 4) {
    const x = v128.load32_splat(at);
    found = v128.or(found, f32x4.sub(x, x));
  }
  store<u32>(a.flags + (<usize>task << 2), v128.any_true(found) ? 1 : 0);
}

@unmanaged
export class AnyArguments {
  /** Words. */
  flags: usize;
  count: i32;
  /** Becomes 1 when one of the words is not 0, else 0. */
  any: usize;
}

export function anyFlag(a: AnyArguments, task: u32, thread: u32): void {
  let found: u32 = 0;
  for (let at = 0; at < a.count; at++) found |= load<u32>(a.flags + (<usize>at << 2));
  store<u32>(a.any, found ? 1 : 0);
}
