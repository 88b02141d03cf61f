import { tensor4d, type Tensor4D } from "@tensorflow/tfjs-core";
import { guardAllocation } from "@tfblocks/tensor-utils";
import { forEachBlock, kernelBlockSize } from "./blocks.js";
import { type AttentionRule, EMPTY, FULL, type Rectangle } from "./attention-rule.js";

/** bool `[batch|1, heads|1, queryLength, keyLength]`, filled block by block, so that structured masks are cheap. */
export function denseCells(rule: AttentionRule, extent: Rectangle): Tensor4D {
  const shape = shapeOf(rule, extent);
  guardAllocation("mask.dense", { cells: shape }, 1);
  const cells = new Uint8Array(product(shape)); // written from bytes, because tf.where of tfjs is wrong for bool on WASM
  forEachBlock(rule, extent, kernelBlockSize, (state, block, batch, head) => {
    if (state === EMPTY) return;
    for (let query = block.queryStart; query < block.queryEnd; query++) {
      const row = ((batch * rule.heads + head) * shape[2] + query - extent.queryStart) * shape[3] - extent.keyStart;
      if (state === FULL) cells.fill(1, row + block.keyStart, row + block.keyEnd);
      else for (let key = block.keyStart; key < block.keyEnd; key++) cells[row + key] = Number(rule.allows(batch, head, query, key));
    }
  });
  return tensor4d(cells, shape, "bool");
}

/** float32 `[batch|1, heads|1, queryLength, keyLength]`: the finite part of an additive rule. */
export function denseBias(rule: AttentionRule, extent: Rectangle): Tensor4D {
  const shape = shapeOf(rule, extent);
  guardAllocation("mask.bias", { cells: shape });
  const values = new Float32Array(product(shape));
  let index = 0;
  forEachBlock(rule, extent, { query: 1, key: Infinity }, (_state, { queryStart, keyStart, keyEnd }, batch, head) => {
    for (let key = keyStart; key < keyEnd; key++) {
      const addend = rule.addend!(batch, head, queryStart, key);
      values[index++] = addend === -Infinity ? 0 : addend;
    }
  });
  return tensor4d(values, shape, "float32");
}

function shapeOf(rule: AttentionRule, extent: Rectangle): [number, number, number, number] {
  return [rule.batch, rule.heads, extent.queryEnd - extent.queryStart, extent.keyEnd - extent.keyStart];
}

function product(shape: readonly number[]): number {
  return shape.reduce((total, size) => total * size, 1);
}
