import {
  checkInteger,
  checkNumber,
  checkPositive,
  isFiniteFloat,
  type OptionNames,
  type Random,
  refuse,
  ValueError,
} from "@tfblocks/tensor-utils";

/** How the next token is chosen. `topK`, `topP` and `minP` only apply when `temperature` > 0. */
export interface SamplingOptions {
  /** Divides the logits before a draw; default 0, which takes the likeliest token instead. */
  readonly temperature?: number | undefined;
  /** Draws among the k likeliest tokens only; default among all. */
  readonly topK?: number | undefined;
  /** Draws among the fewest likeliest tokens whose probabilities add up to topP (Holtzman et al. 2019), 0 < topP <= 1; default 1. */
  readonly topP?: number | undefined;
  /** Draws among tokens at least minP times as likely as the likeliest (Nguyen et al. 2024), 0 <= minP <= 1; default 0. */
  readonly minP?: number | undefined;
  /** Divides positive logits of tokens seen before and multiplies negative ones (Keskar et al. 2019); default 1, no penalty. */
  readonly repetitionPenalty?: number | undefined;
}

export const samplingNames: OptionNames<SamplingOptions> = {
  temperature: true,
  topK: true,
  topP: true,
  minP: true,
  repetitionPenalty: true,
};

type Resolved = Required<{ [Name in keyof SamplingOptions]: number }>;

/** Options with their defaults. @throws ValueError when one is outside its range */
export function resolveSampling(operation: string, options: SamplingOptions): Resolved {
  const { temperature = 0, topK = Infinity, topP = 1, minP = 0, repetitionPenalty = 1 } = options;
  checkNumber(operation, "temperature", "a finite number >= 0", temperature, (value) => isFiniteFloat(value) && value >= 0);
  checkNumber(operation, "topP", "a number in (0, 1]", topP, (value) => value > 0 && value <= 1);
  checkNumber(operation, "minP", "a number in [0, 1]", minP, (value) => value >= 0 && value <= 1);
  checkPositive(operation, "repetitionPenalty", repetitionPenalty);
  if (topK !== Infinity) checkInteger(operation, "topK", topK, 1);
  return { temperature, topK, topP, minP, repetitionPenalty };
}

/**
 * Chooses the next token: applies the penalty, then the temperature, then topK, topP and minP one after the other, then draws.
 *
 * @param logits of every token; the penalty changes them
 * @param seen tokens to which the penalty applies
 * @throws ValueError when a logit is NaN or the largest is infinite
 */
export function nextToken(logits: Float32Array, seen: Iterable<number>, random: Random, options: Resolved): number {
  const { temperature, topK, topP, minP, repetitionPenalty } = options;
  if (repetitionPenalty !== 1) penalize(logits, seen, repetitionPenalty);
  const likeliest = indexOfLargest(logits);
  if (temperature === 0) return likeliest;
  const weights = logits.map((logit) => Math.exp((logit - logits[likeliest]!) / temperature));
  const narrowed = topK < weights.length || topP < 1 || minP > 0;
  return draw(weights, narrowed ? chosen(weights, topK, topP, minP) : undefined, random);
}

function penalize(logits: Float32Array, seen: Iterable<number>, penalty: number): void {
  for (const id of new Set(seen)) logits[id]! *= logits[id]! > 0 ? 1 / penalty : penalty;
}

/** The largest logit, the first in a tie, as greedy decoders choose it. */
function indexOfLargest(logits: Float32Array): number {
  let best = 0;
  for (let id = 0; id < logits.length; id++) {
    if (Number.isNaN(logits[id])) refuse(ValueError, "generate", "logits", "numbers", `NaN for token ${id}`, "check the weights");
    if (logits[id]! > logits[best]!) best = id;
  }
  if (!Number.isFinite(logits[best])) {
    refuse(ValueError, "generate", "the largest logit", "finite", `${logits[best]} for token ${best}`, "check the weights");
  }
  return best;
}

/** The tokens that topK, topP and minP keep, likeliest first. The likeliest has weight 1. */
function chosen(weights: Float32Array, topK: number, topP: number, minP: number): number[] {
  const order = Array.from(weights.keys()).toSorted((a, b) => weights[b]! - weights[a]! || a - b);
  const few = order.slice(0, Math.min(topK, order.length));
  const total = sumOf(weights, few);
  let before = 0;
  const nucleus = few.filter((id) => {
    const taken = before < topP * total;
    before += weights[id]!;
    return taken;
  });
  return nucleus.filter((id) => weights[id]! >= minP);
}

/** Draws by weight among some tokens, or among all. */
function draw(weights: Float32Array, among: readonly number[] | undefined, random: Random): number {
  const ids = among ?? Array.from(weights.keys());
  let rest = random.uniform() * sumOf(weights, ids);
  const drawn = ids.find((id) => (rest -= weights[id]!) < 0);
  return drawn ?? ids[0]!;
}

function sumOf(weights: Float32Array, ids: readonly number[]): number {
  return ids.reduce((total, id) => total + weights[id]!, 0);
}
