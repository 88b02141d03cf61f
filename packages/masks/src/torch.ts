import type { Tensor } from "@tensorflow/tfjs-core";
import { checkShapes } from "@tfblocks/tensor-utils";
import { padding } from "./atoms/padding.js";
import type { Mask } from "./mask.js";

/**
 * The mask of a key_padding_mask of PyTorch, in which true = ignore this key.
 *
 * @param tensor bool `[batch, keyLength]`
 * @throws DTypeError, DisposedError, ShapeError when the tensor has another type or rank, or is disposed
 */
export function fromTorchPaddingMask(tensor: Tensor): Mask {
  const { batch, keyLength } = checkShapes("fromTorchPaddingMask", { tensor: [tensor, "batch keyLength", "bool"] });
  const ignored = tensor.dataSync();
  return padding({
    keep: Array.from({ length: batch }, (_row, b) => Array.from({ length: keyLength }, (_key, k) => !ignored[b * keyLength + k])),
  });
}
