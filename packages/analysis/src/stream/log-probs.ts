import { refuse, ValueError } from "@tfblocks/tensor-utils";

/**
 * ln Σ exp(x) of one row of logits, in float64.
 *
 * @throws ValueError when the row contains NaN, or nothing is likelier than -Infinity
 */
export function logSumExp(operation: string, logits: Float32Array): number {
  let largest = -Infinity;
  for (let token = 0; token < logits.length; token++) if (!(logits[token]! <= largest)) largest = logits[token]!;
  let total = 0;
  for (let token = 0; token < logits.length; token++) total += Math.exp(logits[token]! - largest);
  if (Number.isFinite(largest) && total > 0) return largest + Math.log(total);
  const received = Number.isFinite(largest) ? NaN : largest;
  return refuse(ValueError, operation, "the model", "one with finite logits", received, "check its weights");
}
