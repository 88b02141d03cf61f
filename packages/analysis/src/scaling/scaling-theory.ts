import { capped, type Scoring } from "./scoring.js";

/** What theory says about a head whose queries and keys are from N(0, 1). */
export interface ScalingTheory {
  /**
   * Variance of the scores. Without a cap: headDim · scale² without a norm, scale² / headDim for `"l2"` (a random cosine
   * has variance 1 / headDim), headDim · scale² for `"rms"`. With a cap: E[cap(s)²] over the exact distribution of s.
   */
  readonly scoreVariance: number;
  /** What the measures tend to as the scores tend to 0, where the softmax is uniform. */
  readonly smallScores: SmallScoreLimit;
}

/** The measures at a uniform softmax over n keys. */
export interface SmallScoreLimit {
  /** 1 */
  readonly normalizedEntropy: number;
  /** 1 / n */
  readonly maxWeight: number;
  /** √(n − 1) / n */
  readonly jacobianNorm: number;
  /**
   * The root mean square of ‖∂p/∂q‖_F, and of ‖∂p/∂K‖_F, which is the same: scale · √d · √(n − 1) / n without a norm. A norm
   * divides by the lengths of the raw vectors and removes one direction: scale · c · √((d − 1) / (d (d − 2))) · √(n − 1) / n,
   * c = 1 for `"l2"` and d for `"rms"`; null for d = 2, where the mean of 1 / |q|² diverges. A cap does not change it.
   */
  readonly gradient: number | null;
}

/** The theory for one head width. */
export function scalingTheory(headDim: number, numKeys: number, scoring: Scoring): ScalingTheory {
  const jacobianNorm = Math.sqrt(numKeys - 1) / numKeys;
  const slope = smallScoreSlope(headDim, scoring);
  return {
    scoreVariance: scoring.softcap === null ? plainVariance(headDim, scoring) : cappedVariance(headDim, scoring),
    smallScores: { normalizedEntropy: 1, maxWeight: 1 / numKeys, jacobianNorm, gradient: slope === null ? null : slope * jacobianNorm },
  };
}

function plainVariance(headDim: number, { scale, qkNorm }: Scoring): number {
  return qkNorm === "l2" ? scale ** 2 / headDim : scale ** 2 * headDim;
}

function smallScoreSlope(d: number, { scale, qkNorm }: Scoring): number | null {
  const size = Math.abs(scale);
  if (qkNorm === "none") return size * Math.sqrt(d);
  if (d === 1) return 0;
  if (d === 2) return null;
  return size * (qkNorm === "l2" ? 1 : d) * Math.sqrt((d - 1) / (d * (d - 2)));
}

function cappedVariance(headDim: number, { scale, softcap, qkNorm }: Scoring): number {
  const square = (score: number) => capped(score, softcap) ** 2;
  if (qkNorm === "none") return meanOverDotProducts(headDim, (product) => square(scale * product));
  const range = qkNorm === "l2" ? scale : scale * headDim;
  return meanOverCosines(headDim, (cosine) => square(range * cosine));
}

/**
 * E[f(q · k)] for q, k from N(0, 1): given |q| = r, the product is r · g with g from N(0, 1). The trapezoidal rule over g
 * and ln r; it converges exponentially for such integrands, and unlike Gauss-Hermite nodes also resolves a steep cap.
 */
function meanOverDotProducts(d: number, f: (product: number) => number): number {
  const middle = Math.log(d) / 2;
  const width = 9 / Math.sqrt(2 * d);
  const density = (x: number) => Math.exp(d * (x - middle) - (Math.exp(2 * x) - d) / 2);
  return weightedMean(middle - width - 40 / d, middle + width, 400, density, (x) =>
    weightedMean(
      -9,
      9,
      1000,
      (g) => Math.exp(-(g ** 2) / 2),
      (g) => f(Math.exp(x) * g),
    ),
  );
}

/**
 * E[f(cos)] for the angle between two random directions, whose cosine t has density ∝ (1 − t²)^((d − 3) / 2). With
 * t = tanh x the density is ∝ cosh(x)^(1 − d), smooth for every d ≥ 2. With d = 1, t is 1 or −1.
 */
function meanOverCosines(d: number, f: (cosine: number) => number): number {
  if (d === 1) return (f(1) + f(-1)) / 2;
  const reach = 40 / (d - 1) + 9 / Math.sqrt(d - 1);
  return weightedMean(
    -reach,
    reach,
    4000,
    (x) => Math.cosh(x) ** (1 - d),
    (x) => f(Math.tanh(x)),
  );
}

/** Σ weight(x) value(x) / Σ weight(x) at the middles of equal steps, none of which is 0 in an even range. */
function weightedMean(from: number, to: number, steps: number, weight: (x: number) => number, value: (x: number) => number): number {
  let [sum, total] = [0, 0];
  for (let step = 0; step < steps; step++) {
    const x = from + ((to - from) * (step + 0.5)) / steps;
    const w = weight(x);
    total += w;
    if (w > 0) sum += w * value(x);
  }
  return sum / total;
}
