import { checkInteger, checkObject, checkOptions, describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";
import { atLeastOne, checkFields, positive } from "./check-scaling.js";
import { llama3 } from "./llama3.js";
import { longrope } from "./longrope.js";
import { type RotaryFrequencies, stretchedTheta, unscaledFrequencies } from "./unscaled-frequencies.js";
import { type ResolvedRotaryConfig, resolveRotaryConfig, type RotaryConfig } from "./rotary-config.js";
import { yarn } from "./yarn.js";

/** Options of {@link inverseFrequencies}. */
export interface SequenceOptions {
  /** The last position + 1; only `"dynamic"` and `"longrope"` scaling depend on it. Default 1. */
  readonly length?: number;
}

/**
 * The frequencies of a rotary embedding in float64: f_i = theta^(-2i / rotaryDim) for i in 0 .. rotaryDim / 2 - 1, then
 * scaled. At position p, pair i is rotated by p · f_i radians. Su et al. 2021; see {@link RotaryConfig}.
 *
 * The scalings follow Hugging Face's `modeling_rope_utils`.
 *
 * @returns `frequencies` `[rotaryDim / 2]` and the `attentionFactor` of cos and sin
 * @throws ValueError when a size or number is out of range, or a name is unknown
 */
export function inverseFrequencies(config: RotaryConfig, options: SequenceOptions = {}): RotaryFrequencies {
  const operation = "inverseFrequencies";
  const { length = 1 } = checkOptions(operation, options, { length: true });
  checkInteger(operation, "length", length, 0);
  return frequenciesOf(operation, resolveRotaryConfig(operation, config), length);
}

/** {@link inverseFrequencies} for a resolved config. */
export function frequenciesOf(operation: string, config: ResolvedRotaryConfig, length: number): RotaryFrequencies {
  const { theta, rotaryDim, scaling } = config;
  const unscaled = (base = theta) => unscaledFrequencies(base, rotaryDim);
  if (scaling === undefined) return { frequencies: unscaled(), attentionFactor: 1 };
  checkObject(operation, "scaling", scaling);
  switch (scaling.type) {
    case "linear":
      checkFields(operation, scaling, { factor: atLeastOne });
      return { frequencies: unscaled().map((frequency) => frequency / scaling.factor), attentionFactor: 1 };
    case "ntk":
      checkFields(operation, scaling, { factor: atLeastOne });
      return { frequencies: unscaled(stretchedTheta(theta, rotaryDim, scaling.factor)), attentionFactor: 1 };
    case "dynamic": {
      checkFields(operation, scaling, { factor: atLeastOne, originalMaxLength: positive });
      const { factor, originalMaxLength } = scaling;
      const stretch = 1 + (factor * Math.max(0, length - originalMaxLength)) / originalMaxLength; // exactly 1 up to originalMaxLength
      return { frequencies: unscaled(stretchedTheta(theta, rotaryDim, stretch)), attentionFactor: 1 };
    }
    case "yarn":
      return yarn(operation, config, scaling);
    case "llama3":
      return llama3(operation, config, scaling);
    case "longrope":
      return longrope(operation, config, scaling, length);
    default:
      return refuseType(operation, scaling);
  }
}

function refuseType(operation: string, scaling: { readonly type?: unknown }): never {
  const known = '"linear", "ntk", "dynamic", "yarn", "llama3" or "longrope"';
  return refuse(ValueError, operation, "scaling.type", known, describeValue(scaling.type));
}
