import type { TensorInfo } from "@tensorflow/tfjs-core";
import { DTypeError, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { Runtime } from "../runtime/runtime.js";

/**
 * The row that each index refers to: coordinates `[..., rank]` into the first `rank` dimensions of a shape.
 *
 * @throws ValueError when a coordinate is outside its dimension, before anything is read or written there
 */
export function rowNumbers(
  runtime: Runtime,
  operation: string,
  indices: TensorInfo,
  shape: readonly number[],
  rank: number,
  count: number,
): Int32Array {
  const coordinates = integers(runtime, operation, "indices", indices);
  const rows = new Int32Array(count);
  for (let at = 0; at < count; at++) {
    let row = 0;
    for (let axis = 0; axis < rank; axis++) {
      const coordinate = coordinates[at * rank + axis]!;
      if (coordinate < 0 || coordinate >= shape[axis]!) refuseIndex(operation, "indices", shape[axis]!, coordinate, axis);
      row = row * shape[axis]! + coordinate;
    }
    rows[at] = row;
  }
  return rows;
}

/** @throws ValueError when an index is outside a dimension of this length */
export function checkIndices(
  runtime: Runtime,
  operation: string,
  argument: string,
  indices: TensorInfo,
  length: number,
  axis: number,
): void {
  const values = integers(runtime, operation, argument, indices);
  for (const value of values) if (value < 0 || value >= length) refuseIndex(operation, argument, length, value, axis);
}

/** A view of a tensor of indices on the heap, valid until the next allocation. */
function integers(runtime: Runtime, operation: string, argument: string, indices: TensorInfo): Int32Array {
  if (indices.dtype !== "int32") refuse(DTypeError, operation, argument, "int32", indices.dtype);
  return runtime.backend.typedArrayFromHeap(indices) as Int32Array;
}

function refuseIndex(operation: string, argument: string, length: number, received: number, axis: number): never {
  const range = length === 0 ? "absent" : `in 0 .. ${length - 1}`;
  return refuse(ValueError, operation, argument, `${range} along dimension ${axis}`, received);
}
