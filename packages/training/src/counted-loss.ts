import { cast, notEqual, type Scalar, sum, Tensor } from "@tensorflow/tfjs-core";
import { checkOptions, describeValue, type OptionNames, refuse, scope, ValueError } from "@tfblocks/tensor-utils";
import { crossEntropy, type CrossEntropyOptions } from "./cross-entropy.js";

/** A loss that is a mean, and what it is the mean over. Batches are weighted by their counts when their gradients are averaged. */
export interface CountedLoss<Count extends Tensor | number = Tensor | number> {
  /** A scalar. */
  readonly loss: Tensor;
  /** The number of labels that the loss is the mean over, without ignored ones: a number or a scalar. */
  readonly count: Count;
}

/** Options of {@link countedCrossEntropy}. */
export type CountedCrossEntropyOptions = Omit<CrossEntropyOptions, "reduction">;

const optionNames: OptionNames<CountedCrossEntropyOptions> = { ignoreIndex: true, labelSmoothing: true };

/**
 * The mean {@link crossEntropy} over the labels that are not ignored, with their number: the loss of a batch that is
 * accumulated with others.
 *
 * @param logits `[..., vocabSize]`
 * @param labels int32 `[...]`, each 0 .. vocabSize - 1, or `ignoreIndex`
 * @returns scalars; if all labels are ignored, both are 0
 * @throws ShapeError, ValueError, DTypeError, DisposedError as `crossEntropy`
 */
export function countedCrossEntropy(logits: Tensor, labels: Tensor, options: CountedCrossEntropyOptions = {}): CountedLoss<Scalar> {
  const { ignoreIndex = -100 } = checkOptions("countedCrossEntropy", options, optionNames);
  return scope(() => ({
    loss: crossEntropy(logits, labels, options),
    count: sum<Scalar>(cast(notEqual(labels, ignoreIndex), "int32")),
  }));
}

/** The parts of what a loss function returned; a tensor alone has no count. */
export function partsOf(result: Tensor | CountedLoss): { readonly loss: Tensor; readonly count: Tensor | number | undefined } {
  if (result instanceof Tensor || typeof result !== "object" || result === null) return { loss: result, count: undefined };
  return result;
}

/** @throws ValueError when a loss is to be accumulated, and does not say over how many labels it is a mean */
export function checkIsCounted(operation: string, accumulate: number, { loss, count }: ReturnType<typeof partsOf>): void {
  if (accumulate === 1 || count !== undefined) return;
  const expected = `{ loss, count }, as accumulate is ${accumulate} and batches are weighted by their labels`;
  refuse(
    ValueError,
    operation,
    "loss()",
    expected,
    describeValue(loss),
    "return countedCrossEntropy(…), or count: 1 to weigh all batches alike",
  );
}
