import {
  add,
  cast,
  equal,
  exp,
  log,
  max,
  mean,
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
 * The losses of the `CrossEntropy` kernel in plain operations, with the same gradient on every backend.
 *
 * @param logits `[rows, vocabSize]`, at least one row
 * @param labels int32 `[rows]`
 * @returns `[rows]`
 */
export function composedRowLosses(logits: Tensor, labels: Tensor, attrs: CrossEntropyAttrs): Tensor {
  return withGradient(
    [logits],
    (given) => ({ value: losses(given!, labels, attrs), saved: [given!, labels] }),
    (gradient, given, rows) => [logitsGradient(gradient, given!, rows!, attrs)],
  );
}

/** Of logits less their largest, which keeps the digits of large ones. */
function losses(logits: Tensor, labels: Tensor, { ignoreIndex, labelSmoothing }: CrossEntropyAttrs): Tensor {
  const shifted = sub(logits, max(logits, 1, true));
  const logSumExp = log(sum(exp(shifted), 1));
  const own = sum(where(isLabel(labels, logits), shifted, zerosLike(shifted)), 1);
  const plain = sub(logSumExp, own);
  const smooth = () => add(mul(plain, 1 - labelSmoothing), mul(sub(logSumExp, mean(shifted, 1)), labelSmoothing));
  return keptOr0(labelSmoothing === 0 ? plain : smooth(), labels, ignoreIndex);
}

/** dloss · (softmax(logits) - target), where the target is labelSmoothing / vocabSize + (1 - labelSmoothing) at the label. */
function logitsGradient(gradient: Tensor, logits: Tensor, labels: Tensor, { ignoreIndex, labelSmoothing }: CrossEntropyAttrs): Tensor {
  const target = add(mul(cast(isLabel(labels, logits), "float32"), 1 - labelSmoothing), labelSmoothing / logits.shape[1]!);
  const each = mul(reshape(gradient, [labels.size, 1]), sub(softmax(logits), target));
  return keptOr0(each, reshape(labels, [labels.size, 1]), ignoreIndex);
}

/** Zeros in the rows of ignored labels, even for NaN. */
function keptOr0(x: Tensor, labels: Tensor, ignoreIndex: number): Tensor {
  return where(equal(labels, ignoreIndex), zerosLike(x), x);
}

/** bool `[rows, vocabSize]`: the cell of each row's label; `tf.oneHot` refuses a single class. */
function isLabel(labels: Tensor, { shape }: Tensor): Tensor {
  return equal(range(0, shape[1]!, 1, "int32"), reshape(labels, [labels.size, 1]));
}
