// Products of a few rows with a large matrix, which is read once and not packed.
import { dot, fourDots } from "../dots";
import { finishBlock } from "../finish-block";
import { addFourRows, addRow } from "../weighted-rows";

/** C [rows][columns] = A [rows][depth] B; a task is one block of columns. */
@unmanaged
export class GemvArguments {
  a: usize;
  b: usize;
  c: usize;
  /** [columns], or 0. */
  bias: usize;
  rows: i32;
  columns: i32;
  depth: i32;
  columnBlock: i32;
  activation: i32;
  alpha: f32;
}

/** B as lines [columns][depth]: dot products, with one line of each quarter of the block at a time. */
export function gemvLines(g: GemvArguments, task: u32, thread: u32): void {
  const first = <i32>task * g.columnBlock;
  const columns = min(g.columnBlock, g.columns - first);
  const line = <usize>g.depth << 2;
  const c = g.c + (<usize>first << 2);
  const b = g.b + <usize>first * line;
  const quarter = columns >> 2;
  for (let column = 0; column < quarter; column++) {
    const lines = b + <usize>column * line;
    for (let row = 0; row < g.rows; row++) {
      const to = c + (<usize>(row * g.columns + column) << 2);
      fourDots(g.a + <usize>row * line, line, lines, <usize>quarter * line, to, <usize>quarter << 2);
    }
  }
  for (let column = 4 * quarter; column < columns; column++) {
    const lines = b + <usize>column * line;
    for (let row = 0; row < g.rows; row++) store<f32>(c + (<usize>(row * g.columns + column) << 2), dot(g.a + <usize>row * line, lines, line));
  }
  finish(g, c, columns, first);
}

function finish(g: GemvArguments, c: usize, columns: i32, first: i32): void {
  const bias = g.bias ? g.bias + (<usize>first << 2) : 0;
  if (bias || g.activation) finishBlock(c, g.rows, columns, <usize>g.columns << 2, bias, g.activation, g.alpha);
}

/** B as rows [depth][columns]: sums of scaled rows, four at a time. */
export function gemvRows(g: GemvArguments, task: u32, thread: u32): void {
  const first = <i32>task * g.columnBlock;
  const columns = min(g.columnBlock, g.columns - first);
  const stride = <usize>g.columns << 2;
  const c = g.c + (<usize>first << 2);
  const b = g.b + (<usize>first << 2);
  for (let row = 0; row < g.rows; row++) memory.fill(c + <usize>row * stride, 0, <usize>columns << 2);
  for (let step = 0; step < g.depth; step += 4) {
    const steps = min(4, g.depth - step);
    for (let row = 0; row < g.rows; row++) {
      const a = g.a + (<usize>(row * g.depth + step) << 2);
      const to = c + <usize>row * stride;
      if (steps == 4) addFourRows(to, a, b + <usize>step * stride, stride, columns);
      else for (let part = 0; part < steps; part++) addRow(to, load<f32>(a + (<usize>part << 2)), b + <usize>(step + part) * stride, columns);
    }
  }
  finish(g, c, columns, first);
}
