/** sums [outer][inner] = Σ over groups of x [outer][groups][inner]; a task is one index of outer. */
@unmanaged
export class SumGroupsArguments {
  x: usize;
  sums: usize;
  groups: i32;
  inner: i32;
}

export function sumGroups(a: SumGroupsArguments, task: u32, thread: u32): void {
  const step = <usize>a.inner << 2;
  let at = a.x + <usize>task * a.groups * step;
  const to = a.sums + <usize>task * step;
  memory.copy(to, at, step);
  for (let group = 1; group < a.groups; group++) {
    at += step;
    let offset: usize = 0;
    for (; offset + 16 <= step; offset += 16) v128.store(to + offset, f32x4.add(v128.load(to + offset), v128.load(at + offset)));
    for (; offset < step; offset += 4) store<f32>(to + offset, load<f32>(to + offset) + load<f32>(at + offset));
  }
}
