import { cast, div, maximum, mul, notEqual, reshape, sum, type Tensor, zeros } from "@tensorflow/tfjs-core";
import {
  checkNumber,
  checkOptions,
  checkShapes,
  describeValue,
  type OptionNames,
  readsWithoutStalling,
  refuse,
  scope,
  ShapeError,
  ValueError,
} from "@tfblocks/tensor-utils";
import { CrossEntropy, type CrossEntropyAttrs, hasKernel, runKernel } from "@tfblocks/tensor-utils/kernels";
import { composedRowLosses } from "./composed-cross-entropy.js";

const operation = "crossEntropy";
const reductions = ["mean", "sum", "none"] as const;

/** Options of {@link crossEntropy}. */
export interface CrossEntropyOptions {
  /** The label of positions without a loss, for example padding; default -100, as in PyTorch. */
  readonly ignoreIndex?: number;
  /** The fraction of the target that is spread over all classes, 0 to 1; default 0. Szegedy et al. 2016, section 7. */
  readonly labelSmoothing?: number;
  /** Default `"mean"`: the mean over labels that are not ignored, 0 if all are ignored. */
  readonly reduction?: (typeof reductions)[number];
}

const optionNames: OptionNames<CrossEntropyOptions> = { ignoreIndex: true, labelSmoothing: true, reduction: true };

/**
 * Cross-entropy of logits with integer labels: logSumExp(logits) - (1 - s) · logits[label] - s · mean(logits),
 * where s is the label smoothing. The loss of an ignored label is 0, and so is its gradient, even if the logits are NaN.
 *
 * Runs the `CrossEntropy` kernel if the active backend has it. Differentiable with respect to the logits.
 *
 * @param logits `[..., vocabSize]`
 * @param labels int32 `[...]`, each 0 .. vocabSize - 1, or `ignoreIndex`
 * @returns a scalar, or `[...]` with the reduction `"none"`
 * @throws ShapeError when the shape of the labels is not that of the leading dimensions of the logits
 * @throws ValueError when a label is outside its range, or an option is unknown or outside its range. On a graphics
 *   processor labels are not checked, because reading them would stall it; a label outside the range then has no logit
 * @throws DTypeError, DisposedError when the logits are not a live float32 tensor, or the labels not a live int32 tensor
 */
export function crossEntropy(logits: Tensor, labels: Tensor, options: CrossEntropyOptions = {}): Tensor {
  const { reduction, ...attrs } = resolveOptions(options);
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
    return reduction === "sum" ? sum(losses) : meanOfCounted(losses, rows, attrs.ignoreIndex);
  });
}

function rowLosses(logits: Tensor, labels: Tensor, attrs: CrossEntropyAttrs): Tensor {
  if (!hasKernel(CrossEntropy)) return composedRowLosses(logits, labels, attrs);
  return runKernel(CrossEntropy, { logits, labels }, attrs)[0];
}

function meanOfCounted(losses: Tensor, labels: Tensor, ignoreIndex: number): Tensor {
  const count = sum(cast(notEqual(labels, ignoreIndex), "float32"));
  return mul(sum(losses), div(1, maximum(count, 1)));
}

function resolveOptions(options: CrossEntropyOptions): Required<CrossEntropyOptions> {
  const { ignoreIndex = -100, labelSmoothing = 0, reduction = "mean" } = checkOptions(operation, options, optionNames);
  checkNumber(operation, "ignoreIndex", "an int32", ignoreIndex, (value) => value === (value | 0));
  checkNumber(operation, "labelSmoothing", "a number from 0 to 1", labelSmoothing, (value) => value >= 0 && value <= 1);
  if (!reductions.includes(reduction)) refuse(ValueError, operation, "reduction", '"mean", "sum" or "none"', describeValue(reduction));
  return { ignoreIndex, labelSmoothing, reduction };
}

function checkLabels(labels: Tensor, vocabSize: number, ignoreIndex: number): void {
  if (!readsWithoutStalling()) return;
  const values = labels.dataSync<"int32">();
  const wrong = values.findIndex((label) => label !== ignoreIndex && !(label >= 0 && label < vocabSize));
  if (wrong === -1) return;
  const expected = `from 0 to ${vocabSize - 1} (vocabSize - 1), or ignoreIndex = ${ignoreIndex}`;
  refuse(ValueError, operation, `labels[${wrong}]`, expected, values[wrong]);
}
