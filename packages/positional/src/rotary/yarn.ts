import { refuse, ValueError } from "@tfblocks/tensor-utils";
import { atLeastOne, boolean, checkFields, notNegative, optional, positive } from "./check-scaling.js";
import { type RotaryFrequencies, unscaledFrequencies } from "./unscaled-frequencies.js";
import type { ResolvedRotaryConfig } from "./rotary-config.js";
import type { YarnScaling } from "./rotary-scaling.js";

/** See {@link YarnScaling}. */
export function yarn(operation: string, { theta, rotaryDim }: ResolvedRotaryConfig, scaling: YarnScaling): RotaryFrequencies {
  const { factor } = checkedYarn(operation, scaling);
  const trainedWeight = trainedWeights(theta, rotaryDim, scaling);
  const frequencies = unscaledFrequencies(theta, rotaryDim).map((frequency, pair) => {
    const weight = trainedWeight(pair);
    return (frequency / factor) * (1 - weight) + frequency * weight;
  });
  return { frequencies, attentionFactor: attentionFactorOf(scaling) };
}

function checkedYarn(operation: string, scaling: YarnScaling): YarnScaling {
  checkFields(operation, scaling, {
    factor: atLeastOne,
    originalMaxLength: positive,
    betaFast: optional(positive),
    betaSlow: optional(positive),
    attentionFactor: optional(positive),
    mscale: optional(notNegative),
    mscaleAllDim: optional(notNegative),
    truncate: optional(boolean),
  });
  const { betaFast = 32, betaSlow = 1 } = scaling;
  if (betaFast < betaSlow) refuse(ValueError, operation, "scaling.betaFast", `>= betaSlow = ${betaSlow}`, betaFast);
  return scaling;
}

/**
 * The weight of a pair's trained frequency: 1 up to the pair that rotates betaFast times in originalMaxLength, 0 from
 * the pair that rotates betaSlow times, and linear between them.
 */
function trainedWeights(theta: number, rotaryDim: number, scaling: YarnScaling): (pair: number) => number {
  const { originalMaxLength, betaFast = 32, betaSlow = 1, truncate = true } = scaling;
  const pairThatRotates = (times: number) => (rotaryDim * Math.log(originalMaxLength / (times * 2 * Math.PI))) / (2 * Math.log(theta));
  const [first, last] = [pairThatRotates(betaFast), pairThatRotates(betaSlow)];
  const low = Math.max(truncate ? Math.floor(first) : first, 0);
  const high = Math.min(truncate ? Math.ceil(last) : last, rotaryDim - 1);
  const width = low === high ? 0.001 : high - low;
  return (pair) => 1 - Math.min(Math.max((pair - low) / width, 0), 1);
}

function attentionFactorOf({ factor, attentionFactor, mscale = 0, mscaleAllDim = 0 }: YarnScaling): number {
  if (attentionFactor !== undefined) return attentionFactor;
  if (mscale === 0 || mscaleAllDim === 0) return magnitude(factor, 1);
  return magnitude(factor, mscale) / magnitude(factor, mscaleAllDim);
}

function magnitude(factor: number, mscale: number): number {
  return 0.1 * mscale * Math.log(factor) + 1;
}
