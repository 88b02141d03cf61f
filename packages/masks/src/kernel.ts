import type { FusedAttentionMask } from "@tfblocks/tensor-utils";
import { forEachBlock } from "./blocks.js";
import { checkSizes } from "./check.js";
import type { Mask, MaskSizes } from "./mask.js";
import { EMPTY, FULL, PARTIAL, type Rectangle, type Rule, type State } from "./rule.js";
import { ruleOf } from "./rule-mask.js";

const blockSize = { query: 64, key: 64 };
/** Extents of which a mask remembers what kernels read: layers and steps ask for the same again. */
const remembered = 4;
const made = new WeakMap<Rule, Map<string, FusedAttentionMask>>();

/**
 * A mask as a fused attention kernel reads it: which blocks of 64 x 64 cells are empty, full or partial, and the cells
 * of the partial ones. A mask remembers its latest answers; they count as immutable.
 *
 * @throws ValueError, ShapeError when the sizes are no lengths or contradict the mask, as `mask.dense`
 */
export function kernelMask(mask: Mask, sizes: MaskSizes): FusedAttentionMask {
  const rule = ruleOf("kernelMask", "mask", mask);
  const extent = checkSizes("kernelMask", rule, sizes);
  const known = made.get(rule) ?? new Map<string, FusedAttentionMask>();
  made.set(rule, known);
  const name = Object.values(extent).join();
  const answer = known.get(name) ?? summarize(rule, extent);
  known.delete(name); // the latest is the last
  known.set(name, answer);
  if (known.size > remembered) known.delete(known.keys().next().value!);
  return answer;
}

function summarize(rule: Rule, extent: Rectangle): FusedAttentionMask {
  const states: number[] = [];
  const partial: Uint8Array[] = [];
  forEachBlock(rule, extent, blockSize, (state, block, batch, head) => {
    const cells = state === EMPTY || state === FULL ? undefined : openCells(rule, block, batch, head);
    const exact = cells === undefined ? state : stateOf(cells, block);
    states.push(exact);
    if (exact === PARTIAL) partial.push(cells!);
  });
  const cells = new Uint8Array(partial.length * blockSize.query * blockSize.key);
  partial.forEach((each, index) => cells.set(each, index * blockSize.query * blockSize.key));
  return { batch: rule.batch, heads: rule.heads, blockSize, states: Uint8Array.from(states), cells };
}

function openCells(rule: Rule, { queryStart, queryEnd, keyStart, keyEnd }: Rectangle, batch: number, head: number): Uint8Array {
  const cells = new Uint8Array(blockSize.query * blockSize.key);
  for (let query = queryStart; query < queryEnd; query++) {
    const row = (query - queryStart) * blockSize.key - keyStart;
    for (let key = keyStart; key < keyEnd; key++) if (rule.allows(batch, head, query, key)) cells[row + key] = 1;
  }
  return cells;
}

function stateOf(cells: Uint8Array, { queryStart, queryEnd, keyStart, keyEnd }: Rectangle): State {
  const open = cells.reduce((sum, cell) => sum + cell, 0);
  return open === 0 ? EMPTY : open === (queryEnd - queryStart) * (keyEnd - keyStart) ? FULL : PARTIAL;
}
