import { cast, div, maximum, mul, notEqual, reshape, sum, type Tensor, zeros } from "@tensorflow/tfjs-core";
import {
  checkNumber,
  checkObject,
  checkShapes,
  checkUnknown,
  readsWithoutStalling,
  refuse,
  scope,
  ShapeError,
  ValueError,
} from "@tfblocks/tensor-utils";
import { CrossEntropy, type CrossEntropyAttrs, hasKernel, runKernel } from "@tfblocks/tensor-utils/kernels";
import { composedRowLosses } from "./composed-cross-entropy.js";
import { checkOneOf } from "./check-one-of.js";

const operation = "crossEntropy";
const reductions = ["mean", "sum", "none"] as const;

/** Options of {@link crossEntropy}. */
export interface CrossEntropyOptions {
  /** The label of positions without loss, such as padding; default -100, as in PyTorch. */
  readonly ignoreIndex?: number;
  /** Share of the target that all classes divide, 0 to 1; default 0. Source: Szegedy et al. 2016, section 7. */
  readonly labelSmoothing?: number;
  /** Default `"mean"`: over the labels that are not ignored, 0 where there are none. */
  readonly reduction?: (typeof reductions)[number];
}

/**
 * Cross-entropy of logits with integer labels: logSumExp(logits) - (1 - s) · logits[label] - s · mean(logits),
 * where s is the label smoothing; 0 for an ignored label, with a gradient of 0 even where its logits are NaN.
 *
 * Runs the `CrossEntropy` kernel where the active backend has it. Differentiable by the logits.
 *
 * @param logits `[..., vocabSize]`
 * @param labels int32 `[...]`, each 0 .. vocabSize - 1 or the ignored one
 * @returns a scalar, or `[...]` with the reduction `"none"`
 * @throws ShapeError when the labels are not shaped as the logits' leading dimensions
 * @throws ValueError when a label is no class, or an option is unknown or out of its range; on a graphics processor,
 *   where looking would stall it, such a label counts as one without a logit
 * @throws DTypeError, DisposedError when the logits are no live float32 tensor or the labels no live int32 one
 */
export function crossEntropy(logits: Tensor, labels: Tensor, options: CrossEntropyOptions = {}): Tensor {
  const { reduction, ...attrs } = checkOptions(options);
  const { vocabSize } = checkShapes(operation, { logits: [logits, "... vocabSize"], labels: [labels, "...", "int32"] });
  const shape = logits.shape.slice(0, -1);
  if (shape.join() !== labels.shape.join()) {
    refuse(ShapeError, operation, "labels", `[${shape.join(", ")}] (from logits)`, `[${labels.shape.join(", ")}]`);
  }
  checkLabels(labels, vocabSize, attrs.ignoreIndex);
  return scope(() => {
    if (labels.size === 0) return zeros(reduction === "none" ? shape : []);
    const rows = reshape(labels, [labels.size]);
    const losses = rowLosses(reshape(logits, [labels.size, vocabSize]), rows, attrs);
    if (reduction === "none") return reshape(losses, shape);
    return reduction === "sum" ? sum(losses) : meanOfKept(losses, rows, attrs.ignoreIndex);
  });
}

function rowLosses(logits: Tensor, labels: Tensor, attrs: CrossEntropyAttrs): Tensor {
  if (!hasKernel(CrossEntropy)) return composedRowLosses(logits, labels, attrs);
  return runKernel(CrossEntropy, { logits, labels }, attrs)[0];
}

function meanOfKept(losses: Tensor, labels: Tensor, ignoreIndex: number): Tensor {
  const count = sum(cast(notEqual(labels, ignoreIndex), "float32"));
  return mul(sum(losses), div(1, maximum(count, 1)));
}

function checkOptions(options: CrossEntropyOptions): Required<CrossEntropyOptions> {
  const { ignoreIndex = -100, labelSmoothing = 0, reduction = "mean", ...unknown } = checkObject(operation, "options", options);
  checkUnknown(operation, "options", unknown);
  checkNumber(operation, "ignoreIndex", "an int32", ignoreIndex, (value) => value === (value | 0));
  checkNumber(operation, "labelSmoothing", "a number from 0 to 1", labelSmoothing, (value) => value >= 0 && value <= 1);
  checkOneOf(operation, "reduction", reductions, reduction);
  return { ignoreIndex, labelSmoothing, reduction };
}

function checkLabels(labels: Tensor, vocabSize: number, ignoreIndex: number): void {
  if (!readsWithoutStalling()) return;
  const values = labels.dataSync<"int32">();
  const wrong = values.findIndex((label) => label !== ignoreIndex && !(label >= 0 && label < vocabSize));
  if (wrong === -1) return;
  const expected = `from 0 to ${vocabSize - 1} (vocabSize - 1), or ${ignoreIndex} to be ignored`;
  refuse(ValueError, operation, `labels[${wrong}]`, expected, values[wrong]);
}
