import type { Tensor } from "@tensorflow/tfjs-core";
import type { KernelName } from "../run-kernel.js";

/**
 * Cross-entropy of each row with its label: logSumExp - (1 - labelSmoothing) · logits[label] - labelSmoothing · mean of
 * the logits; 0 where the label is ignored. Not reduced.
 *
 * Inputs: logits `[rows, classes]`, labels int32 `[rows]`. Outputs: loss and logSumExp `[rows]`.
 */
export const CrossEntropy: KernelName<{ logits: Tensor; labels: Tensor }, CrossEntropyAttrs, [loss: Tensor, logSumExp: Tensor]> =
  "CrossEntropy";

/**
 * dlogits = (dloss + dlogSumExp) · softmax(logits) - dloss · target, where dloss counts as 0 in ignored rows.
 *
 * Inputs: dloss and dlogSumExp `[rows]`, logits `[rows, classes]`, labels int32 `[rows]`, logSumExp `[rows]`.
 * Output: dlogits `[rows, classes]`.
 */
export const CrossEntropyGrad: KernelName<
  { dloss: Tensor; dlogSumExp: Tensor; logits: Tensor; labels: Tensor; logSumExp: Tensor },
  CrossEntropyAttrs,
  [dlogits: Tensor]
> = "CrossEntropyGrad";

/** Attributes of both cross-entropy kernels. */
export interface CrossEntropyAttrs {
  /** The label of rows without loss, such as padding; PyTorch's default is -100. Any other must be a class. */
  readonly ignoreIndex: number;
  /** Share of the target that all classes divide; 0 to 1. */
  readonly labelSmoothing: number;
}
