import { type FusedAttentionMask, maskBlockCodes, maskBlockLength } from "@tfblocks/tensor-utils/kernels";
import { forEachBlock, kernelBlockSize } from "./blocks.js";
import { checkSizes } from "./check.js";
import type { Mask, MaskSizes } from "./mask.js";
import { type AttentionRule, EMPTY, FULL, type Rectangle } from "./attention-rule.js";
import { ruleOf } from "./rule-mask.js";

/** Bytes of a block in `bits`: one bit for each cell. */
const blockBytes = maskBlockLength ** 2 / 8;
/** How many extents are cached for a mask: layers and steps use the same ones again. */
const remembered = 4;
const encoded = new WeakMap<AttentionRule, Map<string, FusedAttentionMask>>();

/**
 * Encodes a mask for fused attention kernels: which blocks of 64 x 64 cells are empty or full, and the bits of the others.
 * The result for each of the four extents used last is cached, so its arrays must not be changed.
 *
 * @throws ValueError, ShapeError when a size is not a length or contradicts the mask, as `mask.dense`
 */
export function kernelMask(mask: Mask, sizes: MaskSizes): FusedAttentionMask {
  const rule = ruleOf("kernelMask", "mask", mask);
  const extent = checkSizes("kernelMask", rule, sizes);
  const known = encoded.get(rule) ?? new Map<string, FusedAttentionMask>();
  encoded.set(rule, known);
  const name = Object.values(extent).join();
  const answer = known.get(name) ?? encode(rule, extent);
  known.delete(name); // and set again, so that the entry used longest ago is first
  known.set(name, answer);
  if (known.size > remembered) known.delete(known.keys().next().value!);
  return answer;
}

function encode(rule: AttentionRule, extent: Rectangle): FusedAttentionMask {
  const blocks: number[] = [];
  const partial: Uint8Array[] = [];
  forEachBlock(rule, extent, kernelBlockSize, (state, block, batch, head) => {
    if (state === EMPTY || state === FULL) blocks.push(state === EMPTY ? maskBlockCodes.empty : maskBlockCodes.full);
    else {
      const { bits, open } = encodeBlock(rule, block, batch, head);
      if (open === 0) blocks.push(maskBlockCodes.empty);
      else if (open === cellsOf(block)) blocks.push(maskBlockCodes.full);
      else blocks.push(partial.push(bits) - 1);
    }
  });
  const bits = new Uint8Array(partial.length * blockBytes);
  partial.forEach((each, index) => bits.set(each, index * blockBytes));
  return { batch: rule.batch, heads: rule.heads, blocks: Int32Array.from(blocks), bits };
}

/** The bits of a block, and how many of its cells are open. */
function encodeBlock(
  rule: AttentionRule,
  { queryStart, queryEnd, keyStart, keyEnd }: Rectangle,
  batch: number,
  head: number,
): { readonly bits: Uint8Array; readonly open: number } {
  const bits = new Uint8Array(blockBytes);
  let open = 0;
  for (let query = 0; query < queryEnd - queryStart; query++) {
    for (let key = 0; key < keyEnd - keyStart; key++) {
      if (!rule.allows(batch, head, queryStart + query, keyStart + key)) continue;
      bits[key * (maskBlockLength / 8) + (query >> 3)]! |= 1 << (query & 7);
      open++;
    }
  }
  return { bits, open };
}

function cellsOf({ queryStart, queryEnd, keyStart, keyEnd }: Rectangle): number {
  return (queryEnd - queryStart) * (keyEnd - keyStart);
}
