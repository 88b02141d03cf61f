import { logSumExp } from "./log-probs.js";

/** A token and its probability. */
export interface TokenProbability {
  readonly token: number;
  readonly probability: number;
}

/** What a model would predict at one position if it ended after some layer. */
export interface LensReading {
  /** Of the distribution, in nats, from 0 to ln(vocabSize). */
  readonly entropy: number;
  /** The likeliest tokens, the likeliest first; of equally likely ones the smaller id first. */
  readonly top: readonly TokenProbability[];
  /** The target; null where there is none. */
  readonly target: TargetReading | null;
  /** KL(final ‖ this) = Σ p_final (ln p_final - ln p) ≥ 0, in nats; 0 after the last layer. */
  readonly klFromFinal: number;
}

/** How likely a target token is. */
export interface TargetReading {
  readonly token: number;
  /** ln p, in nats, ≤ 0. */
  readonly logProb: number;
  /** 1 = the likeliest; 1 + the number of tokens with a larger logit. */
  readonly rank: number;
}

/** Logits of one position with ln Σ exp of them. */
export interface Distribution {
  readonly logits: Float32Array;
  readonly logTotal: number;
}

export function distribution(operation: string, logits: Float32Array): Distribution {
  return { logits, logTotal: logSumExp(operation, logits) };
}

/** @param target undefined for none */
export function lensReading(own: Distribution, final: Distribution, target: number | undefined, topK: number): LensReading {
  return {
    entropy: entropyOf(own),
    top: likeliest(own.logits, topK).map((token) => ({ token, probability: Math.exp(own.logits[token]! - own.logTotal) })),
    target: target === undefined ? null : targetReading(own, target),
    klFromFinal: own.logits === final.logits ? 0 : divergence(final, own),
  };
}

/** -Σ p ln p, with 0 · ln 0 = 0. */
function entropyOf({ logits, logTotal }: Distribution): number {
  let nats = 0;
  for (let token = 0; token < logits.length; token++) {
    const logProb = logits[token]! - logTotal;
    const probability = Math.exp(logProb);
    if (probability > 0) nats -= probability * logProb;
  }
  return Math.max(0, nats);
}

/** Σ p (ln p - ln q), with 0 · ln 0 = 0. */
function divergence(p: Distribution, q: Distribution): number {
  let nats = 0;
  for (let token = 0; token < p.logits.length; token++) {
    const logProb = p.logits[token]! - p.logTotal;
    const probability = Math.exp(logProb);
    if (probability > 0) nats += probability * (logProb - q.logits[token]! + q.logTotal);
  }
  return Math.max(0, nats);
}

function targetReading({ logits, logTotal }: Distribution, token: number): TargetReading {
  const own = logits[token]!;
  let rank = 1;
  for (const logit of logits) if (logit > own) rank++;
  return { token, logProb: Math.min(0, own - logTotal), rank };
}

/** The indices of the `count` largest logits, the largest first; of equal ones the smaller index. */
function likeliest(logits: Float32Array, count: number): number[] {
  const best: number[] = [];
  for (let token = 0; token < logits.length; token++) {
    const logit = logits[token]!;
    if (best.length === count && (count === 0 || logit <= logits[best[count - 1]!]!)) continue;
    let place = best.length;
    while (place > 0 && logits[best[place - 1]!]! < logit) place--;
    best.splice(place, 0, token);
    if (best.length > count) best.pop();
  }
  return best;
}
