import type { Tensor } from "@tensorflow/tfjs-core";
import { checkShapes } from "@tfblocks/tensor-utils";
import { padding } from "./atoms/padding.js";
import type { Mask } from "./mask.js";

/**
 * PyTorch's key_padding_mask: true = ignore this key.
 *
 * @param tensor bool `[batch, keyLength]`
 * @throws DTypeError, DisposedError, ShapeError when it is something else
 */
export function fromTorchPaddingMask(tensor: Tensor): Mask {
  const { batch, keyLength } = checkShapes("fromTorchPaddingMask", { tensor: [tensor, "batch keyLength", "bool"] });
  const ignored = tensor.dataSync();
  return padding({
    keep: Array.from({ length: batch }, (_row, b) => Array.from({ length: keyLength }, (_key, k) => !ignored[b * keyLength + k])),
  });
}
