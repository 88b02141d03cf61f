import { refuse, ValueError } from "@tfblocks/tensor-utils";
import { atLeastOne, checkFields, optional, aboveOne, positive, positiveList } from "./check-scaling.js";
import { type RotaryFrequencies, unscaledFrequencies } from "./unscaled-frequencies.js";
import type { ResolvedRotaryConfig } from "./rotary-config.js";
import type { LongRopeScaling } from "./rotary-scaling.js";

/** See {@link LongRopeScaling}. */
export function longrope(
  operation: string,
  { theta, rotaryDim }: ResolvedRotaryConfig,
  scaling: LongRopeScaling,
  length: number,
): RotaryFrequencies {
  checkFields(operation, scaling, {
    shortFactor: positiveList(rotaryDim / 2),
    longFactor: positiveList(rotaryDim / 2),
    originalMaxLength: aboveOne,
    factor: optional(atLeastOne),
    attentionFactor: optional(positive),
  });
  const { shortFactor, longFactor, originalMaxLength } = scaling;
  const divisors = length > originalMaxLength ? longFactor : shortFactor;
  const frequencies = unscaledFrequencies(theta, rotaryDim).map((frequency, pair) => frequency / divisors[pair]!);
  return { frequencies, attentionFactor: attentionFactorOf(operation, scaling) };
}

function attentionFactorOf(operation: string, { factor, attentionFactor, originalMaxLength }: LongRopeScaling): number {
  if (attentionFactor !== undefined) return attentionFactor;
  if (factor !== undefined) return Math.sqrt(1 + Math.log(factor) / Math.log(originalMaxLength));
  const advice = "pass the ratio of the longest length to originalMaxLength";
  return refuse(ValueError, operation, "scaling.factor", "a number when scaling.attentionFactor is undefined", factor, advice);
}
