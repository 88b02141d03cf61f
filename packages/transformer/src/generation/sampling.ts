import { checkInteger, checkNumber, checkUnknown, isFiniteFloat, type Random, refuse, ValueError } from "@tfblocks/tensor-utils";

/** How the next token is drawn. With no temperature it is the likeliest one: `topK`, `topP` and `minP` narrow a draw, and make none. */
export interface SamplingOptions {
  /** Divides the logits, 1 leaves them as they are; 0, the default, takes the likeliest token. */
  readonly temperature?: number | undefined;
  /** Only the k likeliest tokens; default all. */
  readonly topK?: number | undefined;
  /** Only the likeliest tokens that together have this probability (Holtzman et al. 2019), 0 < topP <= 1; default 1. */
  readonly topP?: number | undefined;
  /** Only tokens at least this share as likely as the likeliest (Nguyen et al. 2024), 0 <= minP <= 1; default 0. */
  readonly minP?: number | undefined;
  /** Divides positive logits of tokens seen before, and multiplies negative ones (Keskar et al. 2019); default 1, none. */
  readonly repetitionPenalty?: number | undefined;
}

type Resolved = Required<{ [Name in keyof SamplingOptions]: number }>;

/** @throws ValueError when an option is outside its range */
export function resolveSampling(operation: string, options: SamplingOptions): Resolved {
  const { temperature = 0, topK = Infinity, topP = 1, minP = 0, repetitionPenalty = 1, ...unknown } = options;
  checkUnknown(operation, "options", unknown);
  checkNumber(operation, "temperature", "a finite number >= 0", temperature, (value) => isFiniteFloat(value) && value >= 0);
  checkNumber(operation, "topP", "a number in (0, 1]", topP, (value) => value > 0 && value <= 1);
  checkNumber(operation, "minP", "a number in [0, 1]", minP, (value) => value >= 0 && value <= 1);
  checkNumber(operation, "repetitionPenalty", "a finite number > 0", repetitionPenalty, (value) => isFiniteFloat(value) && value > 0);
  if (topK !== Infinity) checkInteger(operation, "topK", topK, 1);
  return { temperature, topK, topP, minP, repetitionPenalty };
}

/**
 * The next token: the penalty, then the temperature, then topK, topP and minP, each on what the former left, then a draw.
 *
 * @param logits of each token of the vocabulary; changed by the penalty
 * @param seen tokens that the penalty holds for
 * @throws ValueError when a logit is NaN, or the largest is infinite
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

/** The first of the largest, as every greedy decoder takes it. */
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

/** Tokens that topK, topP and minP leave, likeliest first. Weights are relative to the likeliest, which has 1. */
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

/** By weight, of the chosen tokens or of all. */
function draw(weights: Float32Array, among: readonly number[] | undefined, random: Random): number {
  const ids = among ?? Array.from(weights.keys());
  let rest = random.uniform() * sumOf(weights, ids);
  const drawn = ids.find((id) => (rest -= weights[id]!) < 0);
  return drawn ?? ids[0]!;
}

function sumOf(weights: Float32Array, ids: readonly number[]): number {
  return ids.reduce((total, id) => total + weights[id]!, 0);
}
