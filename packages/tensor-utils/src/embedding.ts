import { cast, customGrad, gather, oneHot, reshape, type Tensor, type Tensor1D, unsortedSegmentSum, UnsortedSegmentSum, zeros } from "@tensorflow/tfjs-core";
import { checkShapes } from "./check-shapes.js";
import { ValueError } from "./errors.js";
import { hasKernel } from "./kernels.js";
import { matmul } from "./matmul.js";
import { readsWithoutStalling } from "./reads-without-stalling.js";
import { scope } from "./scope.js";

/**
 * Rows of a table by index: `output[..., :] = table[ids[...], :]`.
 *
 * Trains on every backend: where tfjs has no segment sum (WASM) the gradient is the product of the one-hot indices
 * with the upstream gradient.
 *
 * @param table `[vocabSize, dModel]`
 * @param ids int32 `[...]`, each 0 .. vocabSize - 1
 * @returns `[..., dModel]`
 * @throws ValueError when an id is outside the table; on a graphics processor, where looking would stall it, such a row is undefined
 * @throws DTypeError when `ids` is not int32
 */
export function embedding(table: Tensor, ids: Tensor): Tensor {
  const { vocabSize, dModel } = checkShapes("embedding", { table: [table, "vocabSize dModel"], ids: [ids, "...", "int32"] });
  checkIds(ids, vocabSize);
  const lookUp = customGrad((rows) => ({
    value: ids.size === 0 ? zeros([...ids.shape, dModel]) : reshape(gather(rows as Tensor, reshape(ids, [-1])), [...ids.shape, dModel]),
    gradFunc: (gradient: Tensor) => tableGradient(gradient, ids, vocabSize, dModel),
  }));
  return scope(() => lookUp(table));
}

/** Σ of the upstream gradients of each id: `[vocabSize, dModel]`. */
function tableGradient(gradient: Tensor, ids: Tensor, vocabSize: number, dModel: number): Tensor {
  const rows = reshape(gradient, [ids.size, dModel]);
  const flat = reshape(ids, [ids.size]) as Tensor1D;
  if (ids.size === 0) return zeros([vocabSize, dModel]);
  if (hasKernel(UnsortedSegmentSum)) return unsortedSegmentSum(rows, flat, vocabSize);
  return matmul(cast(oneHot(flat, vocabSize), "float32"), rows, { transposeA: true });
}

function checkIds(ids: Tensor, vocabSize: number): void {
  if (!readsWithoutStalling()) return;
  const wrong = ids.dataSync().find((id) => id < 0 || id >= vocabSize);
  if (wrong === undefined) return;
  throw new ValueError({ operation: "embedding", argument: "ids", expected: `from 0 to ${vocabSize - 1} (vocabSize - 1)`, received: String(wrong) });
}
