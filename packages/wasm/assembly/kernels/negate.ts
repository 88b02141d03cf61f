/** x and y: [count] integers. */
@unmanaged
export class NegateArguments {
  x: usize;
  y: usize;
  count: i32;
  countPerTask: i32;
}

export function negateInt(a: NegateArguments, task: u32, thread: u32): void {
  const first = <i32>task * a.countPerTask;
  const end = min(first + a.countPerTask, a.count);
  for (let at = <usize>first << 2; at < <usize>end << 2; at += 4) store<i32>(a.y + at, -load<i32>(a.x + at));
}
