import {
  gather,
  reshape,
  type Tensor,
  type Tensor1D,
  tensor2d,
  unsortedSegmentSum,
  UnsortedSegmentSum,
  zeros,
} from "@tensorflow/tfjs-core";
import { checkShapes } from "./check-shapes.js";
import { ValueError } from "./errors.js";
import { hasKernel } from "./kernels.js";
import { readsWithoutStalling } from "./reads-without-stalling.js";
import { scope } from "./scope.js";
import { checkEachRun } from "./steps/live.js";
import { withGradient } from "./with-gradient.js";

/**
 * Looks up rows of a table by index: `output[..., :] = table[ids[...], :]`.
 *
 * Differentiable any number of times on every backend, including WASM, where tfjs lacks the segment sum. The gradient is
 * the segment sum of the upstream gradient; the gradient of a segment sum is a look-up.
 *
 * @param table `[vocabSize, dModel]`
 * @param ids int32 `[...]`, each 0 .. vocabSize - 1
 * @returns `[..., dModel]`
 * @throws ValueError when an id is outside the table. On GPU backends ids are not checked, because reading them would
 *   stall the GPU; the row of such an id is undefined.
 * @throws ShapeError when the table is not 2-D
 * @throws DTypeError, DisposedError when the table is not a live float32 tensor, or `ids` is not a live int32 tensor
 */
export function embedding(table: Tensor, ids: Tensor): Tensor {
  const { vocabSize, dModel } = checkShapes("embedding", { table: [table, "vocabSize dModel"], ids: [ids, "...", "int32"] });
  checkEachRun(() => checkIds(ids, vocabSize));
  return scope(() => reshape(lookUp(table, reshape(ids, [ids.size])), [...ids.shape, dModel]));
}

/** `[length, dModel]`: the row of each id. */
function lookUp(table: Tensor, ids: Tensor1D): Tensor {
  const [vocabSize, dModel] = table.shape as [number, number];
  const value = () => (ids.size * dModel === 0 ? zeros([ids.size, dModel]) : gather(table, ids));
  return linearMap(table, ids, value, (gradient, saved) => segmentSum(gradient, saved, vocabSize));
}

/** `[vocabSize, dModel]`: for each id, the sum of its rows of `[length, dModel]`. */
function segmentSum(rows: Tensor, ids: Tensor1D, vocabSize: number): Tensor {
  return linearMap(rows, ids, () => sumRows(rows, ids, vocabSize), lookUp);
}

/** A value that is linear in `x`; its gradient is the adjoint map. The ids are saved because a scope may free them before the backward pass. */
function linearMap(x: Tensor, ids: Tensor1D, value: () => Tensor, adjoint: (gradient: Tensor, ids: Tensor1D) => Tensor): Tensor {
  return withGradient(
    [x],
    () => ({ value: value(), saved: [ids] }),
    (gradient, saved) => [adjoint(gradient, saved as Tensor1D)],
  );
}

function sumRows(rows: Tensor, ids: Tensor1D, vocabSize: number): Tensor {
  const dModel = rows.shape[1]!;
  if (rows.size === 0) return zeros([vocabSize, dModel]);
  if (hasKernel(UnsortedSegmentSum)) return unsortedSegmentSum(rows, ids, vocabSize);
  return tensor2d(summedRows(rows.dataSync(), ids.dataSync(), vocabSize, dModel), [vocabSize, dModel]);
}

function summedRows(rows: ArrayLike<number>, ids: ArrayLike<number>, vocabSize: number, dModel: number): Float32Array {
  const sums = new Float32Array(vocabSize * dModel);
  for (let row = 0; row < ids.length; row++) {
    const [from, to] = [row * dModel, ids[row]! * dModel];
    for (let axis = 0; axis < dModel; axis++) sums[to + axis]! += rows[from + axis]!;
  }
  return sums;
}

function checkIds(ids: Tensor, vocabSize: number): void {
  if (!readsWithoutStalling()) return;
  const wrong = ids.dataSync().find((id) => id < 0 || id >= vocabSize);
  if (wrong === undefined) return;
  throw new ValueError({
    operation: "embedding",
    argument: "ids",
    expected: `from 0 to ${vocabSize - 1} (vocabSize - 1)`,
    received: String(wrong),
  });
}
