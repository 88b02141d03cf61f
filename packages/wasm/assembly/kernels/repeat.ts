// Repeats blocks of bytes.

/** x: [blocks, bytes]; y: [blocks, repeats, bytes]. */
@unmanaged
export class RepeatArguments {
  x: usize;
  y: usize;
  blocks: i32;
  repeats: i32;
  bytes: i32;
  perTask: i32;
}

/** For long blocks: `perTask` copies per task. */
export function repeatLong(a: RepeatArguments, task: u32, thread: u32): void {
  const end = min(a.blocks * a.repeats, <i32>(task + 1) * a.perTask);
  for (let copy = <i32>task * a.perTask; copy < end; copy++) {
    memory.copy(a.y + <usize>copy * a.bytes, a.x + <usize>(copy / a.repeats) * a.bytes, a.bytes);
  }
}

/** For short blocks: `perTask` blocks per task, each of which is copied once and then doubled. */
export function repeatShort(a: RepeatArguments, task: u32, thread: u32): void {
  const size = <usize>a.repeats * a.bytes;
  const end = min(a.blocks, <i32>(task + 1) * a.perTask);
  for (let block = <i32>task * a.perTask; block < end; block++) {
    const y = a.y + <usize>block * size;
    memory.copy(y, a.x + <usize>block * a.bytes, a.bytes);
    for (let done: usize = a.bytes; done < size; done <<= 1) memory.copy(y + done, y, min(done, size - done));
  }
}
