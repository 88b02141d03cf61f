import { checkNumber, isFiniteFloat, type OptionNames, type Random, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { LogitsProcessor } from "../processors/logits-processor.js";
import { minP, topK, topP } from "../processors/narrow.js";
import { possibleOf } from "../processors/possible.js";
import { of } from "../processors/processing-options.js";
import { softmax, totalOf } from "../processors/softmax.js";
import { temperature as divideBy } from "../processors/temperature.js";

/** How the next token is chosen. `topK`, `topP` and `minP` only apply when `temperature` > 0. */
export interface SamplingOptions {
  /** Divides the logits before a draw; default 0, which takes the likeliest token instead. */
  readonly temperature?: number | undefined;
  /** Draws among the k likeliest tokens only, and those as likely as the last of them; default among all. */
  readonly topK?: number | undefined;
  /** Draws among the fewest likeliest tokens whose probabilities add up to topP (Holtzman et al. 2019), 0 <= topP <= 1; default 1. */
  readonly topP?: number | undefined;
  /** Draws among tokens at least minP times as likely as the likeliest (Nguyen et al. 2024), 0 <= minP <= 1; default 0. */
  readonly minP?: number | undefined;
}

export const samplingNames: OptionNames<SamplingOptions> = { temperature: true, topK: true, topP: true, minP: true };

/** Chooses a token by its logits. @throws ValueError when the largest logit is infinite */
export type TokenChoice = (logits: Float32Array, random: Random) => number;

/** The processors that come last, and how a token is chosen after them. */
export interface Sampling {
  readonly processors: readonly LogitsProcessor[];
  readonly choose: TokenChoice;
}

/** What the options stand for. @throws ValueError when one is out of range */
export function samplingOf(operation: string, options: SamplingOptions): Sampling {
  const { temperature = 0 } = options;
  checkNumber(operation, "temperature", "a finite number >= 0", temperature, (value) => isFiniteFloat(value) && value >= 0);
  const narrowing = [of(options.topK, topK), of(options.topP, topP), of(options.minP, minP)].filter((each) => each !== undefined);
  if (temperature === 0) return { processors: [], choose: likeliest };
  return { processors: temperature === 1 ? narrowing : [divideBy(temperature), ...narrowing], choose: drawn };
}

/** The token with the largest logit, the first in a tie. */
function likeliest(logits: Float32Array): number {
  let best = 0;
  for (let id = 1; id < logits.length; id++) if (logits[id]! > logits[best]!) best = id;
  return checkLargest(logits, best);
}

/** A token drawn by the probabilities softmax(logits). */
function drawn(logits: Float32Array, random: Random): number {
  const best = likeliest(logits);
  const possible = possibleOf(logits);
  const probabilities = softmax(possible.logits);
  let rest = random.uniform() * totalOf(probabilities);
  const at = probabilities.findIndex((each) => (rest -= each) < 0);
  return at < 0 ? best : possible.ids[at]!;
}

function checkLargest(logits: Float32Array, best: number): number {
  if (Number.isFinite(logits[best])) return best;
  const advice = logits[best] === -Infinity ? "the processors rule out every token" : "check the weights and the processors";
  return refuse(ValueError, "generate", "the largest logit", "finite", `${logits[best]} for token ${best}`, advice);
}
