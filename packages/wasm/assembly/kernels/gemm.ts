// Batched matrix products C = A B with any strides, an optional bias and an activation.
import { roundUp4, roundUp8 } from "../attention";
import { pack } from "../pack";
import { tile4x8 } from "../tile";
import { finishBlock } from "../finish-block";

/** Steps of depth in one pass, so that a panel of B stays in the first-level cache. */
const DEPTH_BLOCK = 256;

/** Strides in bytes; a task is one block of rows and columns of one product. */
@unmanaged
export class GemmArguments {
  a: usize;
  b: usize;
  c: usize;
  /** [columns], or 0. */
  bias: usize;
  /** For each product the offset of its A and B in bytes; address 0 when there is one product. */
  aOffsets: usize;
  bOffsets: usize;
  /** For each thread `scratchBytes`. */
  scratch: usize;
  scratchBytes: i32;
  rows: i32;
  columns: i32;
  depth: i32;
  aRow: i32;
  aDepth: i32;
  bColumn: i32;
  bDepth: i32;
  rowBlock: i32;
  columnBlock: i32;
  activation: i32;
  alpha: f32;
}

export function gemm(g: GemmArguments, task: u32, thread: u32): void {
  const rowBlocks = <u32>((g.rows + g.rowBlock - 1) / g.rowBlock);
  const columnBlocks = <u32>((g.columns + g.columnBlock - 1) / g.columnBlock);
  const product = task / (rowBlocks * columnBlocks);
  const row = <i32>((task / columnBlocks) % rowBlocks) * g.rowBlock;
  const column = <i32>(task % columnBlocks) * g.columnBlock;
  const a = g.a + (g.aOffsets ? <usize>load<u32>(g.aOffsets + (product << 2)) : 0) + <usize>row * g.aRow;
  const b = g.b + (g.bOffsets ? <usize>load<u32>(g.bOffsets + (product << 2)) : 0) + <usize>column * g.bColumn;
  const c = g.c + (((<usize>product * g.rows + row) * g.columns + column) << 2);
  const rows = min(g.rowBlock, g.rows - row);
  const columns = min(g.columnBlock, g.columns - column);
  multiplyBlock(g, a, b, c, rows, columns, g.scratch + <usize>thread * g.scratchBytes);
  const bias = g.bias ? g.bias + (<usize>column << 2) : 0;
  if (bias || g.activation) finishBlock(c, rows, columns, <usize>g.columns << 2, bias, g.activation, g.alpha);
}

/** Bytes of a tile that is copied because only part of it lies within C. */
const TILE_BYTES: usize = 128;

/** Scratch that each thread of `gemm` needs: a tile, and the panels of A and of B. */
export function gemmBytes(rows: i32, columns: i32, depth: i32): f64 {
  return <f64>TILE_BYTES + <f64>min(depth, DEPTH_BLOCK) * <f64>(roundUp4(rows) + roundUp8(columns)) * 4;
}

function multiplyBlock(g: GemmArguments, a: usize, b: usize, c: usize, rows: i32, columns: i32, scratch: usize): void {
  const packedA = scratch + TILE_BYTES;
  for (let start = 0; start < g.depth; start += DEPTH_BLOCK) {
    const depth = min(DEPTH_BLOCK, g.depth - start);
    const packedB = pack(packedA, a + <usize>start * g.aDepth, rows, depth, g.aRow, g.aDepth, 4);
    pack(packedB, b + <usize>start * g.bDepth, columns, depth, g.bColumn, g.bDepth, 8);
    multiplyPanels(packedA, packedB, depth, c, rows, columns, <usize>g.columns << 2, start > 0, scratch);
  }
}

function multiplyPanels(a: usize, b: usize, depth: i32, c: usize, rows: i32, columns: i32, cStride: usize, accumulate: bool, spare: usize): void {
  for (let column = 0; column < columns; column += 8) {
    let panel = a;
    for (let row = 0; row < rows; row += 4) {
      const to = c + <usize>row * cStride + (<usize>column << 2);
      if (row + 4 <= rows && column + 8 <= columns) {
        if (accumulate) tile4x8(panel, 16, b, 32, depth, to, cStride, true);
        else tile4x8(panel, 16, b, 32, depth, to, cStride, false);
      } else {
        tile4x8(panel, 16, b, 32, depth, spare, 32, false);
        movePart(spare, to, min(4, rows - row), min(8, columns - column), cStride, accumulate);
      }
      panel += <usize>depth << 4;
    }
    b += <usize>depth << 5;
  }
}

/** Copies or adds the part of a tile that lies within C. */
function movePart(tile: usize, to: usize, rows: i32, columns: i32, cStride: usize, accumulate: bool): void {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = to + (<usize>column << 2);
      const value = load<f32>(tile + (<usize>column << 2));
      store<f32>(at, accumulate ? load<f32>(at) + value : value);
    }
    tile += 32;
    to += cStride;
  }
}
