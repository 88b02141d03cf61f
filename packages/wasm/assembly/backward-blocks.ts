// Preparation of a block of keys, or of queries and keys, in the backward pass.
import { AttentionArguments, bitsOf, Cells, keyHead, maskBlock } from "./attention";
import { ATTENTION_BLOCK } from "./constants";
import { BackwardWorkspace } from "./backward-workspace";
import { pack } from "./pack";

/** Sets the queries and mask bits of a block; returns false when every cell of it is forbidden. */
export function enterBlock(a: AttentionArguments, cells: Cells, queryBlock: i32, keyBlock: i32): bool {
  const mask = maskBlock(a, cells.batch, cells.head, queryBlock, keyBlock);
  if (mask == -2) return false;
  cells.bits = bitsOf(a, mask);
  cells.queryStart = queryBlock * ATTENTION_BLOCK;
  cells.queries = min(ATTENTION_BLOCK, a.queryLength - cells.queryStart);
  return true;
}

/** Packs a block of keys; returns the address of its rows. */
export function packKeys(a: AttentionArguments, w: BackwardWorkspace, keyBlock: i32): usize {
  const cells = w.cells;
  cells.keyStart = keyBlock * ATTENTION_BLOCK;
  cells.keys = min(ATTENTION_BLOCK, a.keyLength - cells.keyStart);
  const row = keyHead(a, cells.batch, cells.head) * a.keyLength + cells.keyStart;
  const key = a.key + (row * a.headDim << 2);
  pack(w.keys, key, cells.keys, a.headDim, <usize>a.headDim << 2, 4, 4);
  return key;
}
