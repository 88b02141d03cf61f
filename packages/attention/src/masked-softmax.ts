import {
  add,
  div,
  equal,
  exp,
  fill,
  getBackend,
  greater,
  isFinite,
  log,
  logicalAnd,
  max,
  maximum,
  mul,
  neg,
  reshape,
  scalar,
  sub,
  sum,
  type Tensor,
  type Tensor4D,
  where,
  zeros,
} from "@tensorflow/tfjs-core";
import { withGradient } from "@tfblocks/tensor-utils";

/**
 * Softmax over the last dimension, with an optional sink logit for each head in the denominator:
 * exp(x_j) / (Σ exp(x) + exp(sink)). A row in which every score is -Infinity yields zeros, with zero gradients.
 *
 * @param scores `[batch, heads, queryLength, keyLength]`, -Infinity where forbidden
 * @param sink `[heads]`
 */
export function maskedSoftmax(scores: Tensor4D, sink?: Tensor): Tensor4D {
  const softmax = withGradient(
    sink === undefined ? [scores] : [scores, sink],
    (x, logit) => {
      const weights = probabilities(x as Tensor4D, logit);
      return { value: weights, saved: logit === undefined ? [weights] : [weights, x!, logit] };
    },
    (gradient, weights, x, logit) => [
      scoreGradient(gradient, weights!),
      ...(logit === undefined ? [] : [sinkGradient(gradient, weights!, x as Tensor4D, logit)]),
    ],
  );
  return softmax as Tensor4D;
}

/**
 * The log of the softmax denominator, log(Σ exp(x) + exp(sink)); -Infinity for a row in which every score is -Infinity.
 *
 * @returns `[batch, heads, queryLength]`
 */
export function logSumExp(scores: Tensor4D, sink?: Tensor): Tensor {
  const [batch, heads, queryLength] = scores.shape;
  const inputs = sink === undefined ? [scores] : [scores, sink];
  return withGradient(
    inputs,
    (x, logit) => ({ value: reshape(logDenominator(x as Tensor4D, logit), [batch, heads, queryLength]), saved: inputs }),
    (gradient, x, logit) => logSumExpGradient(reshape(gradient, [batch, heads, queryLength, 1]), x as Tensor4D, logit),
  );
}

function probabilities(scores: Tensor4D, sink?: Tensor): Tensor4D {
  if (scores.size === 0) return zeros(scores.shape);
  const { exponentials, denominator } = softmaxTerms(scores, sink);
  return div(exponentials, add(denominator, isZero(denominator)));
}

/** dX = P ⊙ (dP − Σ P ⊙ dP). */
function scoreGradient(gradient: Tensor, weights: Tensor): Tensor {
  if (weights.size === 0) return zeros(weights.shape);
  return mul(weights, sub(gradient, sum(mul(weights, gradient), -1, true)));
}

/** dsink = −Σ over batch and queries of p_sink Σ P ⊙ dP, where p_sink = exp(sink) / denominator. */
function sinkGradient(gradient: Tensor, weights: Tensor, scores: Tensor4D, sink: Tensor): Tensor {
  if (weights.size === 0) return zeros(sink.shape);
  const { sinkTerm, denominator } = softmaxTerms(scores, sink);
  const sinkWeight = div(sinkTerm!, add(denominator, isZero(denominator)));
  return neg(sum(mul(sinkWeight, sum(mul(weights, gradient), -1, true)), [0, 2, 3]));
}

function logDenominator(scores: Tensor4D, sink?: Tensor): Tensor {
  const [batch, heads, queryLength, keyLength] = scores.shape;
  if (queryLength === 0 || keyLength === 0) return fill([batch, heads, queryLength, 1], -Infinity);
  const terms = softmaxTerms(scores, sink);
  const { denominator, shift } = terms;
  const value = where(isForbidden(scores, terms), scalar(-Infinity), add(log(add(denominator, isZero(denominator))), shift));
  return where(isFinite(denominator), value, scalar(Number.NaN)); // on WebGPU, exponentials of NaN may be infinite
}

function logSumExpGradient(gradient: Tensor, scores: Tensor4D, sink?: Tensor): Tensor[] {
  if (scores.size === 0) return [zeros(scores.shape), ...(sink === undefined ? [] : [zeros(sink.shape)])];
  const toScores = mul(probabilities(scores, sink), gradient);
  if (sink === undefined) return [toScores];
  const terms = softmaxTerms(scores, sink);
  const sinkWeight = where(isForbidden(scores, terms), scalar(0), div(terms.sinkTerm!, terms.denominator));
  return [toScores, sum(mul(sinkWeight, gradient), [0, 2, 3])];
}

interface SoftmaxTerms {
  readonly exponentials: Tensor4D;
  /** The sum of the exponentials and the sink term, `[batch, heads, queryLength, 1]`; 0 only when all logits are -Infinity. */
  readonly denominator: Tensor;
  /** The number subtracted before exponentiating: the largest logit, or 0 when all are -Infinity. */
  readonly shift: Tensor;
  readonly sinkTerm?: Tensor;
}

function softmaxTerms(scores: Tensor4D, sink?: Tensor): SoftmaxTerms {
  const largest = largestOf(scores);
  if (sink === undefined) {
    const shift = finiteOr0(largest);
    const exponentials = exp(sub(scores, shift)) as Tensor4D;
    return { exponentials, denominator: sum(exponentials, -1, true), shift };
  }
  const logit = reshape(sink, [1, -1, 1, 1]);
  const shift = finiteOr0(maximum(largest, logit));
  const [exponentials, sinkTerm] = [exp(sub(scores, shift)) as Tensor4D, exp(sub(logit, shift))];
  return { exponentials, denominator: add(sum(exponentials, -1, true), sinkTerm), shift, sinkTerm };
}

/** The largest score of each row. On WebGL `max` starts at -1e20, so scores are scaled down to above that first. */
function largestOf(scores: Tensor4D): Tensor {
  if (getBackend() !== "webgl") return max(scores, -1, true);
  return mul(max(mul(scores, 2 ** -64), -1, true), 2 ** 64);
}

/** True for a row in which every score is -Infinity. `max` cannot detect this on WebGL, where -Infinity gives -1e20. */
function isForbidden(scores: Tensor, { exponentials }: SoftmaxTerms): Tensor {
  const isOpen = where(greater(scores, -Infinity), scalar(1), scalar(0)); // 0 for NaN too; its exponential is NaN, not 0
  return logicalAnd(equal(sum(isOpen, -1, true), 0), equal(sum(exponentials, -1, true), 0));
}

function finiteOr0(x: Tensor): Tensor {
  return where(greater(x, -Infinity), x, scalar(0));
}

function isZero(x: Tensor): Tensor {
  return where(equal(x, 0), scalar(1), scalar(0));
}
