import { checkInteger, checkNumber, checkObject, checkUnknown, describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { RotaryPairing } from "@tfblocks/tensor-utils/kernels";
import { overOne } from "./check-scaling.js";
import type { RotaryScaling } from "./rotary-scaling.js";

/** What a `RotaryEmbedding` turns, and how fast. */
export interface RotaryConfig {
  /** Width of a head. */
  readonly headDim: number;
  /** How many dimensions of each head are turned, the first ones; even, default headDim. */
  readonly rotaryDim?: number;
  /** Base of the frequencies, over 1; default 10000. */
  readonly theta?: number;
  /**
   * Which dimensions make pair i: `"half"`, i and i + rotaryDim / 2 (Llama and GPT-NeoX in Hugging Face's layout), or
   * `"interleaved"`, 2i and 2i + 1 (the paper, GPT-J, Meta's own Llama files); default `"half"`.
   */
  readonly pairing?: RotaryPairing;
  /** For sequences longer than in training; default none. */
  readonly scaling?: RotaryScaling | undefined;
}

/** A config with every default written out. */
export interface ResolvedRotaryConfig extends Required<Omit<RotaryConfig, "scaling">> {
  readonly scaling: RotaryScaling | undefined;
}

const pairings: readonly unknown[] = ["half", "interleaved"] satisfies RotaryPairing[];

/** @throws ValueError when a size or number is out of range, or a name is unknown */
export function resolveRotaryConfig(operation: string, config: RotaryConfig): ResolvedRotaryConfig {
  checkObject(operation, "config", config);
  const { headDim, rotaryDim = headDim, theta = 10000, pairing = "half", scaling, ...unknown } = config;
  checkUnknown(operation, "config", unknown);
  checkInteger(operation, "headDim", headDim, 1);
  const isEven = (size: number) => Number.isInteger(size) && size % 2 === 0 && size >= 2 && size <= headDim;
  checkNumber(operation, "rotaryDim", `an even integer from 2 to headDim = ${headDim}`, rotaryDim, isEven);
  overOne(operation, "theta", theta);
  if (!pairings.includes(pairing)) refuse(ValueError, operation, "pairing", '"half" or "interleaved"', describeValue(pairing));
  return { headDim, rotaryDim, theta, pairing, scaling };
}
