import {
  checkNumber,
  type Complete,
  type Defaults,
  derived,
  describeValue,
  refuse,
  size,
  ValueError,
  withDefaults,
} from "@tfblocks/tensor-utils";
import type { RotaryPairing } from "@tfblocks/tensor-utils/kernels";
import { aboveOne } from "./check-scaling.js";
import type { RotaryScaling } from "./rotary-scaling.js";

/** Which dimensions a `RotaryEmbedding` rotates, and at which frequencies. */
export interface RotaryConfig {
  /** Width of a head. */
  readonly headDim: number;
  /** Number of dimensions to rotate in each head, counted from the first; even, default headDim. */
  readonly rotaryDim?: number;
  /** Base of the frequencies, > 1; default 10000. */
  readonly theta?: number;
  /**
   * Which dimensions form pair i: `"half"`, i and i + rotaryDim / 2 (Llama and GPT-NeoX in Hugging Face's layout), or
   * `"interleaved"`, 2i and 2i + 1 (the paper, GPT-J, Meta's files of Llama); default `"half"`.
   */
  readonly pairing?: RotaryPairing;
  /** Changes the frequencies for sequences longer than those of the training; default none. */
  readonly scaling?: RotaryScaling | undefined;
}

/** A config with every default written out. */
export type ResolvedRotaryConfig = Complete<RotaryConfig>;

const defaults: Defaults<RotaryConfig> = {
  headDim: size,
  rotaryDim: derived(({ headDim }) => headDim),
  theta: 10000,
  pairing: "half",
  scaling: undefined,
};

const pairings: readonly unknown[] = ["half", "interleaved"] satisfies RotaryPairing[];

/** @throws ValueError when a size or number is out of range, or a name is unknown */
export function resolveRotaryConfig(operation: string, config: RotaryConfig): ResolvedRotaryConfig {
  const resolved = withDefaults(operation, config, defaults);
  const { headDim, rotaryDim, theta, pairing } = resolved;
  const isEven = (dim: number) => Number.isInteger(dim) && dim % 2 === 0 && dim >= 2 && dim <= headDim;
  checkNumber(operation, "rotaryDim", `an even integer from 2 to headDim = ${headDim}`, rotaryDim, isEven);
  aboveOne(operation, "theta", theta);
  if (!pairings.includes(pairing)) refuse(ValueError, operation, "pairing", '"half" or "interleaved"', describeValue(pairing));
  return resolved;
}
