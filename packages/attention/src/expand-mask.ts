import { broadcastTo, tensor4d, type Tensor4D } from "@tensorflow/tfjs-core";
import { readsWithoutStalling } from "@tfblocks/tensor-utils";
import type { Cells } from "./resolve-mask.js";

/**
 * Broadcasts a mask to every batch element, head, query and key.
 *
 * On backends that keep data in main memory, this function copies the rows itself: tfjs's broadcast on WASM would take as
 * long as the rest of attention.
 *
 * @param allowed bool `[batch|1, heads|1, queryLength|1, keyLength|1]`
 * @returns bool `[batch, heads, queryLength, keyLength]`
 */
export function expandMask(allowed: Tensor4D, { batch, heads, queryLength, keyLength }: Cells): Tensor4D {
  const shape: [number, number, number, number] = [batch, heads, queryLength, keyLength];
  const [batches, maps, rows, columns] = allowed.shape;
  if (shape.every((size, axis) => size === allowed.shape[axis])) return allowed;
  if (!readsWithoutStalling()) return broadcastTo(allowed, shape);
  const source = allowed.dataSync();
  const cells = new Uint8Array(batch * heads * queryLength * keyLength);
  for (let row = 0; row < batch * heads * queryLength; row++) {
    const [b, h, q] = [Math.floor(row / (heads * queryLength)) % batches, Math.floor(row / queryLength) % maps, (row % queryLength) % rows];
    const from = ((b * maps + h) * rows + q) * columns;
    if (columns === keyLength) cells.set(source.subarray(from, from + columns), row * keyLength);
    else cells.fill(source[from]!, row * keyLength, (row + 1) * keyLength);
  }
  return tensor4d(cells, shape, "bool");
}
