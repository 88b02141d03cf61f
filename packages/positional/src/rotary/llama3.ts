import { refuse, ValueError } from "@tfblocks/tensor-utils";
import { atLeastOne, checkFields, positive } from "./check-scaling.js";
import { type RotaryFrequencies, unscaledFrequencies } from "./unscaled-frequencies.js";
import type { ResolvedRotaryConfig } from "./rotary-config.js";
import type { Llama3Scaling } from "./rotary-scaling.js";

/** See {@link Llama3Scaling}. */
export function llama3(operation: string, { theta, rotaryDim }: ResolvedRotaryConfig, scaling: Llama3Scaling): RotaryFrequencies {
  checkFields(operation, scaling, { factor: atLeastOne, lowFreqFactor: positive, highFreqFactor: positive, originalMaxLength: positive });
  const { factor, lowFreqFactor, highFreqFactor, originalMaxLength } = scaling;
  if (highFreqFactor <= lowFreqFactor) {
    refuse(ValueError, operation, "scaling.highFreqFactor", `> lowFreqFactor = ${lowFreqFactor}`, highFreqFactor);
  }
  const frequencies = unscaledFrequencies(theta, rotaryDim).map((frequency) => {
    const rotations = (originalMaxLength * frequency) / (2 * Math.PI); // originalMaxLength / wavelength
    const smooth = Math.min(Math.max((rotations - lowFreqFactor) / (highFreqFactor - lowFreqFactor), 0), 1);
    return (1 - smooth) * (frequency / factor) + smooth * frequency;
  });
  return { frequencies, attentionFactor: 1 };
}
