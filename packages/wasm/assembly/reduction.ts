/**
 * Reduces x [outer, length, inner] to y [outer, pieces, inner], where a piece is up to `pieceLength` of the reduced length.
 * An item of work is one piece of a few adjacent columns.
 */
@unmanaged
export class ReduceArguments {
  x: usize;
  y: usize;
  outer: i32;
  length: i32;
  inner: i32;
  pieceLength: i32;
  itemsPerTask: i32;
  /** Divides float64 sums; 0 leaves them in float64 for another pass. */
  divisor: i32;
}

/** Runs the items of one task; `Item` knows its maximum number of columns and the sizes of its numbers, and reduces them. */
@inline
export function reduceItems<Item>(a: ReduceArguments, task: u32): void {
  const item = changetype<Item>(0);
  const width = item.width();
  const pieces = (a.length + a.pieceLength - 1) / a.pieceLength;
  const blocks = (a.inner + width - 1) / width;
  const first = <i32>task * a.itemsPerTask;
  let block = first % blocks;
  let piece = (first / blocks) % pieces;
  let row = first / blocks / pieces;
  for (let left = min(a.itemsPerTask, a.outer * pieces * blocks - first); left > 0; left--) {
    const start = piece * a.pieceLength;
    const column = block * width;
    const x = a.x + ((<usize>row * a.length + start) * a.inner + column) * item.bytesIn();
    const y = a.y + ((<usize>row * pieces + piece) * a.inner + column) * item.bytesOut(a);
    item.reduce(a, x, y, min(a.pieceLength, a.length - start), min(width, a.inner - column));
    if (++block == blocks) {
      block = 0;
      if (++piece == pieces) {
        piece = 0;
        row++;
      }
    }
  }
}
