// Where one task of the backward pass keeps what it works on.
import { AttentionArguments, BLOCK, Cells, STRIP_BYTES } from "./attention";
import { BLOCK_LINE } from "./tile";

/** Where a task keeps what in its scratch. Widths are rounded up to 8, lengths too, both with zeros. */
@unmanaged
export class Workspace {
  cells: Cells;
  headWidth: i32;
  valueWidth: i32;
  /** Packed, scaled queries and packed gradients of the output of the whole head, [strip][dim][8]. */
  queries: usize;
  gradOutputs: usize;
  /** The same as rows [query][width]: the tensors themselves where no width had to be rounded. */
  queryRows: usize;
  gradOutputRows: usize;
  /** [query]: logSumExp · log2 e, +Infinity for a dead row; what corrects its rounding, as a factor; and delta. */
  logSumExp: usize;
  correction: usize;
  delta: usize;
  /** [query][headWidth] */
  gradQuery: usize;
  /** Packed keys and values of a block, [key / 4][dim][4]. */
  keys: usize;
  values: usize;
  /** Keys of a block as rows [key][headWidth]. */
  keyRows: usize;
  /** [key][64]: weights, and the gradients of the scores. */
  weights: usize;
  gradScores: usize;
  /** [key][8]: dropout factors of a strip. */
  factors: usize;
  /** [key][width] */
  gradKey: usize;
  gradValue: usize;
}

@inline
export function roundUp8(x: i32): i32 {
  return (x + 7) & ~7;
}

export function layOut(a: AttentionArguments, at: usize): Workspace {
  const w = changetype<Workspace>(at);
  const length = <usize>roundUp8(a.queryLength) << 2;
  w.cells = changetype<Cells>(at + 128);
  w.headWidth = roundUp8(a.headDim);
  w.valueWidth = roundUp8(a.valueDim);
  w.queries = at + 192;
  w.gradOutputs = w.queries + length * a.headDim;
  w.queryRows = w.gradOutputs + length * a.valueDim;
  w.gradOutputRows = w.queryRows + (w.headWidth == a.headDim ? 0 : length * w.headWidth);
  w.logSumExp = w.gradOutputRows + (w.valueWidth == a.valueDim ? 0 : length * w.valueWidth);
  w.correction = w.logSumExp + length;
  w.delta = w.correction + length;
  w.gradQuery = w.delta + length;
  w.keys = w.gradQuery + length * w.headWidth;
  w.values = w.keys + (<usize>BLOCK * a.headDim << 2);
  w.keyRows = w.values + (<usize>BLOCK * a.valueDim << 2);
  w.weights = w.keyRows + (<usize>BLOCK * w.headWidth << 2);
  w.gradScores = w.weights + <usize>BLOCK * BLOCK_LINE;
  w.factors = w.gradScores + <usize>BLOCK * BLOCK_LINE;
  w.gradKey = w.factors + STRIP_BYTES;
  w.gradValue = w.gradKey + (<usize>BLOCK * w.headWidth << 2);
  return w;
}
