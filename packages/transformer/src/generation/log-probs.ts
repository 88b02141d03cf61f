import { indicesOfLargest } from "./processors/largest.js";
import { logSoftmax } from "./processors/softmax.js";

/** The log-probability of a token. */
export interface TokenLogProb {
  readonly token: number;
  readonly logProb: number;
}

/** Log-probabilities of one step of a row, as the model gives them: before any processor. */
export interface StepLogProbs {
  /** Of the chosen token. */
  readonly logProb: number;
  /** The likeliest tokens, the likeliest first. */
  readonly top: readonly TokenLogProb[];
}

/** @param logits before the processors @param count of the likeliest tokens */
export function logProbsOf(logits: Float32Array, count: number): (token: number) => StepLogProbs {
  const logProbs = logSoftmax(logits);
  const likeliest = count === 0 ? [] : indicesOfLargest(logProbs, count);
  const top = likeliest.map((token) => ({ token, logProb: logProbs[token]! }));
  return (token) => ({ logProb: logProbs[token]!, top });
}
