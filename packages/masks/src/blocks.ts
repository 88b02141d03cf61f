import { checkInteger, checkOptions, guardAllocation } from "@tfblocks/tensor-utils";
import { maskBlockLength } from "@tfblocks/tensor-utils/kernels";
import type { BlockSize, BlockSummary } from "./mask.js";
import { type AttentionRule, type BlockState, EMPTY, FULL, PARTIAL, type Rectangle, UNDECIDED } from "./attention-rule.js";

/** The size of the blocks of attention kernels. */
export const kernelBlockSize: BlockSize = { query: maskBlockLength, key: maskBlockLength };

/** Calls `visit` for each block of each batch element and head, in row-major order, with the state that the rule knows. */
export function forEachBlock(
  rule: AttentionRule,
  extent: Rectangle,
  size: BlockSize,
  visit: (state: BlockState, block: Rectangle, batch: number, head: number) => void,
): void {
  for (let batch = 0; batch < rule.batch; batch++) {
    for (let head = 0; head < rule.heads; head++) {
      for (let queryStart = extent.queryStart; queryStart < extent.queryEnd; queryStart += size.query) {
        for (let keyStart = extent.keyStart; keyStart < extent.keyEnd; keyStart += size.key) {
          const queryEnd = Math.min(queryStart + size.query, extent.queryEnd);
          const block = { queryStart, queryEnd, keyStart, keyEnd: Math.min(keyStart + size.key, extent.keyEnd) };
          visit(rule.classify(batch, head, block), block, batch, head);
        }
      }
    }
  }
}

/** Summarises the blocks of an extent; visits cells only in blocks that the rule leaves undecided. */
export function summarizeBlocks(rule: AttentionRule, extent: Rectangle, blockSize: BlockSize): BlockSummary {
  const { query, key } = checkOptions("mask.blocks", blockSize, { query: true, key: true }, "block size");
  checkInteger("mask.blocks", "blockSize.query", query, 1);
  checkInteger("mask.blocks", "blockSize.key", key, 1);
  const { batch, heads } = rule;
  const queryBlocks = Math.ceil((extent.queryEnd - extent.queryStart) / query);
  const keyBlocks = Math.ceil((extent.keyEnd - extent.keyStart) / key);
  guardAllocation("mask.blocks", { blocks: [batch, heads, queryBlocks, keyBlocks] }, 1);
  const states = new Uint8Array(batch * heads * queryBlocks * keyBlocks);
  const counts: [number, number, number] = [0, 0, 0];
  let index = 0;
  forEachBlock(rule, extent, { query, key }, (state, block, b, h) => {
    const known = state === UNDECIDED ? scanCells(rule, b, h, block) : state;
    states[index++] = known;
    counts[known]++;
  });
  return {
    batch,
    heads,
    queryBlocks,
    keyBlocks,
    blockSize: { query, key },
    states,
    counts: { empty: counts[EMPTY], partial: counts[PARTIAL], full: counts[FULL] },
  };
}

function scanCells(rule: AttentionRule, batch: number, head: number, { queryStart, queryEnd, keyStart, keyEnd }: Rectangle): 0 | 1 | 2 {
  const first = rule.allows(batch, head, queryStart, keyStart);
  for (let query = queryStart; query < queryEnd; query++) {
    for (let key = keyStart; key < keyEnd; key++) if (rule.allows(batch, head, query, key) !== first) return PARTIAL;
  }
  return first ? FULL : EMPTY;
}
