/**
 * Probabilities in float32: p[i] = exp(x[i] - max x) / sum exp(x - max x).
 *
 * @param logits of which the largest is finite
 */
export function softmax(logits: Float32Array): Float32Array {
  const largest = largestOf(logits);
  const weights = new Float32Array(logits.length);
  let total = 0;
  for (let id = 0; id < logits.length; id++) {
    weights[id] = Math.exp(Math.fround(logits[id]! - largest));
    total += weights[id]!;
  }
  for (let id = 0; id < weights.length; id++) weights[id]! /= total;
  return weights;
}

/** The sum of probabilities, in float64. */
export function totalOf(probabilities: Float32Array): number {
  let total = 0;
  for (let id = 0; id < probabilities.length; id++) total += probabilities[id]!;
  return total;
}

/** Log-probabilities in float32: x[i] - max x - log(sum exp(x - max x)). */
export function logSoftmax(logits: Float32Array): Float32Array {
  const largest = largestOf(logits);
  let total = 0;
  for (let id = 0; id < logits.length; id++) total += Math.exp(logits[id]! - largest);
  const shift = largest + Math.log(total);
  return logits.map((logit) => logit - shift);
}

/** -Infinity for none. */
export function largestOf(logits: Float32Array): number {
  let largest = -Infinity;
  for (let id = 0; id < logits.length; id++) if (logits[id]! > largest) largest = logits[id]!;
  return largest;
}
