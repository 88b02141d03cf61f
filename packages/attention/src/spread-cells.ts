import { broadcastTo, tensor4d, type Tensor4D } from "@tensorflow/tfjs-core";
import { readsWithoutStalling } from "@tfblocks/tensor-utils";
import type { Cells } from "./resolve-mask.js";

/**
 * The cells of a mask written out for every batch element, head, query and key.
 *
 * Where numbers lie in main memory the rows are copied here: tfjs's WASM broadcast takes as long as the rest of attention.
 *
 * @param allowed bool `[batch|1, heads|1, queryLength|1, keyLength|1]`
 */
export function spreadCells(allowed: Tensor4D, { batch, heads, queryLength, keyLength }: Cells): Tensor4D {
  const shape: [number, number, number, number] = [batch, heads, queryLength, keyLength];
  const [batches, maps, rows, columns] = allowed.shape;
  if (shape.every((size, axis) => size === allowed.shape[axis])) return allowed;
  if (!readsWithoutStalling()) return broadcastTo(allowed, shape);
  const given = allowed.dataSync();
  const cells = new Uint8Array(batch * heads * queryLength * keyLength);
  for (let row = 0; row < batch * heads * queryLength; row++) {
    const [b, h, q] = [Math.floor(row / (heads * queryLength)) % batches, Math.floor(row / queryLength) % maps, (row % queryLength) % rows];
    const from = ((b * maps + h) * rows + q) * columns;
    if (columns === keyLength) cells.set(given.subarray(from, from + columns), row * keyLength);
    else cells.fill(given[from]!, row * keyLength, (row + 1) * keyLength);
  }
  return tensor4d(cells, shape, "bool");
}
