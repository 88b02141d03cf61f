import {
  add,
  cast,
  equal,
  exp,
  log,
  max,
  mul,
  range,
  reshape,
  softmax,
  sub,
  sum,
  type Tensor,
  where,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { withGradient } from "@tfblocks/tensor-utils";
import type { CrossEntropyAttrs } from "@tfblocks/tensor-utils/kernels";

/**
 * The `CrossEntropy` kernel composed of tfjs operations, with the same gradient on every backend.
 *
 * @param logits `[rows, vocabSize]`, at least one row
 * @param labels int32 `[rows]`
 * @returns `[rows]`
 */
export function composedRowLosses(logits: Tensor, labels: Tensor, attrs: CrossEntropyAttrs): Tensor {
  return withGradient(
    [logits],
    (input) => ({ value: losses(input!, labels, attrs), saved: [input!, labels] }),
    (gradient, savedLogits, savedLabels) => [logitsGradient(gradient, savedLogits!, savedLabels!, attrs)],
  );
}

/** Subtracts the largest logit first, so that large logits lose no digits. */
function losses(logits: Tensor, labels: Tensor, { ignoreIndex, labelSmoothing }: CrossEntropyAttrs): Tensor {
  const shifted = sub(logits, max(logits, 1, true));
  const logSumExp = log(sum(exp(shifted), 1));
  const labelLogit = sum(where(isLabel(labels, logits), shifted, zerosLike(shifted)), 1);
  const unsmoothed = sub(logSumExp, labelLogit);
  const smoothed = () =>
    add(mul(unsmoothed, 1 - labelSmoothing), mul(sub(logSumExp, sum(mul(shifted, 1 / logits.shape[1]!), 1)), labelSmoothing));
  return zeroIgnored(labelSmoothing === 0 ? unsmoothed : smoothed(), labels, ignoreIndex);
}

/** dloss · (softmax(logits) - target); the target is labelSmoothing / vocabSize, plus 1 - labelSmoothing at the label. */
function logitsGradient(gradient: Tensor, logits: Tensor, labels: Tensor, { ignoreIndex, labelSmoothing }: CrossEntropyAttrs): Tensor {
  const target = add(mul(cast(isLabel(labels, logits), "float32"), 1 - labelSmoothing), labelSmoothing / logits.shape[1]!);
  const each = mul(reshape(gradient, [labels.size, 1]), sub(softmax(logits), target));
  return zeroIgnored(each, reshape(labels, [labels.size, 1]), ignoreIndex);
}

/** x with zeros in the rows of ignored labels, even where x is NaN. */
function zeroIgnored(x: Tensor, labels: Tensor, ignoreIndex: number): Tensor {
  return where(equal(labels, ignoreIndex), zerosLike(x), x);
}

/** bool `[rows, vocabSize]`: true at the label of each row. `tf.oneHot` does not support a single class. */
function isLabel(labels: Tensor, { shape }: Tensor): Tensor {
  return equal(range(0, shape[1]!, 1, "int32"), reshape(labels, [labels.size, 1]));
}
