import { Tensor, type Tensor4D } from "@tensorflow/tfjs-core";
import { isMask, type Mask } from "@tfblocks/masks";
import { checkOptions, describeValue, type OptionNames, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { Stage, TapRequest } from "./taps.js";

/** What every attention call takes beside query, key and value. */
export interface AttentionOptions {
  /**
   * Which keys a query may attend to; true = may attend. A `Mask` of `@tfblocks/masks`, or a bool tensor
   * `[queryLength, keyLength]` or broadcastable to `[batch, heads, queryLength, keyLength]`. Default: every key.
   */
  readonly mask?: Mask | Tensor | undefined;
  /** Added to the scaled scores; float32, shaped as a tensor mask; differentiable. -Infinity gives a key weight 0, unless a softcap follows. */
  readonly bias?: Tensor | undefined;
  /** Factor of the scores; default 1 / sqrt(headDim). */
  readonly scale?: number | undefined;
  /** Caps scores to ±softcap by softcap · tanh(score / softcap), after the bias and before the mask; default none. */
  readonly softcap?: number | undefined;
  /** `[heads]`: one more logit in each softmax denominator, with no value; 0 is PyTorch's `add_zero_attn`. */
  readonly sink?: Tensor | undefined;
  /** Probability of dropping a weight when `training`, 0 <= dropout < 1; default 0. */
  readonly dropout?: number | undefined;
  /** Whether dropout applies; default false. */
  readonly training?: boolean | undefined;
  /** Which cells dropout drops, 0 .. 2^32 - 1; required when it applies. */
  readonly seed?: number | undefined;
  /** Whether to return the weights; default false. */
  readonly needWeights?: boolean | undefined;
  /** With `needWeights`: return them averaged over heads, `[batch, queryLength, keyLength]`; default false. */
  readonly averageWeights?: boolean | undefined;
  /** Whether to return `logSumExp`; default false. */
  readonly needLogSumExp?: boolean | undefined;
  /** Stages of the computation to return, for chosen heads; default none. */
  readonly taps?: TapRequest | undefined;
  /** Absolute position of the first query, for masks and dropout; default 0, or what a cache says. */
  readonly queryOffset?: number | undefined;
  /** Absolute position of the first key, for masks and dropout; default 0, or what a cache says. */
  readonly keyOffset?: number | undefined;
}

export const attentionOptionNames: OptionNames<AttentionOptions> = {
  mask: true,
  bias: true,
  scale: true,
  softcap: true,
  sink: true,
  dropout: true,
  training: true,
  seed: true,
  needWeights: true,
  averageWeights: true,
  needLogSumExp: true,
  taps: true,
  queryOffset: true,
  keyOffset: true,
};

/** What attention gives back; every tensor belongs to the caller. */
export interface AttentionResult<Output extends Tensor = Tensor4D> {
  readonly output: Output;
  /**
   * Probabilities before dropout, `[batch, heads, queryLength, keyLength]`, or averaged over heads: rows sum to 1, to
   * less by a sink's share, or to 0 where all is forbidden.
   */
  readonly weights?: Tensor;
  /** log Σ exp(score) of each query, `[batch, heads, queryLength]`, sink included; -Infinity where every key is forbidden. */
  readonly logSumExp?: Tensor;
  /** The stages asked for, each `[batch, tapped heads, queryLength, keyLength]`. */
  readonly taps?: Partial<Record<Stage, Tensor>>;
}

/**
 * Checks the options of a call, where a mask is often passed in their place.
 *
 * @throws ValueError when they are not an object of options, or a name is unknown
 */
export function checkCallOptions<Options extends object>(operation: string, options: Options, known: OptionNames<Options>): Options {
  const given = isMask(options) ? "a mask" : describeValue(options);
  if (isMask(options) || options instanceof Tensor) {
    refuse(ValueError, operation, "options", "an object of options", given, "pass a mask as { mask }");
  }
  return checkOptions(operation, options, known);
}
