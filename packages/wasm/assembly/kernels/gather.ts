// Gathers rows by indices that the caller has checked.
import { copyBytes } from "../copy-bytes";

/** x: [batch, outer, length] rows, indices: [batch, picks], y: [batch, outer, picks] rows. */
@unmanaged
export class GatherArguments {
  x: usize;
  indices: usize;
  y: usize;
  batch: i32;
  outer: i32;
  length: i32;
  picks: i32;
  rowBytes: i32;
  rowsPerTask: i32;
}

export function gather(a: GatherArguments, task: u32, thread: u32): void {
  const first = <i32>task * a.rowsPerTask;
  const end = min(first + a.rowsPerTask, a.batch * a.outer * a.picks);
  let group = first / a.picks; // of batch and outer
  let pick = first % a.picks;
  let indices = a.indices + ((<usize>(group / a.outer) * a.picks) << 2);
  for (let row = first; row < end; row++) {
    const index = load<i32>(indices + (<usize>pick << 2));
    copyBytes(a.y + <usize>row * a.rowBytes, a.x + (<usize>group * a.length + index) * a.rowBytes, a.rowBytes);
    if (++pick == a.picks) {
      pick = 0;
      group++;
      indices = a.indices + ((<usize>(group / a.outer) * a.picks) << 2);
    }
  }
}
