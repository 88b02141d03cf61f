import { Tensor, type Tensor4D } from "@tensorflow/tfjs-core";
import { isMask, type Mask } from "@tfblocks/masks";
import { checkOptions, describeValue, type OptionNames, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { Stage, TapRequest } from "./taps.js";

/** Options of an attention call. */
export interface AttentionOptions {
  /**
   * The keys that a query may attend to: a `Mask` of `@tfblocks/masks`, or a bool tensor in which true = may attend, of
   * shape `[queryLength, keyLength]` or broadcastable to `[batch, heads, queryLength, keyLength]`. Default: every key.
   */
  readonly mask?: Mask | Tensor | undefined;
  /**
   * Added to the scaled scores: float32, with the shape of a tensor mask, differentiable; default none. -Infinity gives
   * a key the weight 0, unless `softcap` is set.
   */
  readonly bias?: Tensor | undefined;
  /** Factor of the scores; default 1 / sqrt(headDim). */
  readonly scale?: number | undefined;
  /** Limits the scores to ±softcap: softcap · tanh(score / softcap), after the bias and before the mask; default none. */
  readonly softcap?: number | undefined;
  /** `[heads]`: an additional logit in each softmax denominator, without a value; default none. 0 is PyTorch's `add_zero_attn`. */
  readonly sink?: Tensor | undefined;
  /** Probability of dropping a weight when `training`, 0 <= dropout < 1; default 0. */
  readonly dropout?: number | undefined;
  /** Whether dropout applies; default false. */
  readonly training?: boolean | undefined;
  /** Seed of the dropout, an integer from 0 to 2^32 - 1; required when dropout applies. */
  readonly seed?: number | undefined;
  /** Whether to return the weights; default false. */
  readonly needWeights?: boolean | undefined;
  /** Whether to average the weights over the heads: `[batch, queryLength, keyLength]`; default false. */
  readonly averageWeights?: boolean | undefined;
  /** Whether to return `logSumExp`; default false. */
  readonly needLogSumExp?: boolean | undefined;
  /** Intermediate scores to return, optionally for some heads only; default none. */
  readonly taps?: TapRequest | undefined;
  /** Absolute position of the first query, for masks and dropout; default 0, or the length of the cache. */
  readonly queryOffset?: number | undefined;
  /** Absolute position of the first key, for masks and dropout; default 0, or the offset of the cached keys. */
  readonly keyOffset?: number | undefined;
}

export const attentionOptionNames: OptionNames<AttentionOptions> = {
  mask: true,
  bias: true,
  scale: true,
  softcap: true,
  sink: true,
  dropout: true,
  training: "flag",
  seed: true,
  needWeights: "flag",
  averageWeights: "flag",
  needLogSumExp: "flag",
  taps: true,
  queryOffset: true,
  keyOffset: true,
};

/** The result of an attention call. The caller owns every tensor. */
export interface AttentionResult<Output extends Tensor = Tensor4D> {
  readonly output: Output;
  /**
   * Probabilities before dropout, `[batch, heads, queryLength, keyLength]`, or averaged over the heads. A row sums to 1; to
   * less than 1 with a sink; to 0 when every key is forbidden.
   */
  readonly weights?: Tensor;
  /** log Σ exp(score) of each query, including the sink: `[batch, heads, queryLength]`; -Infinity when every key is forbidden. */
  readonly logSumExp?: Tensor;
  /** The requested stages, each `[batch, tapped heads, queryLength, keyLength]`. */
  readonly taps?: Partial<Record<Stage, Tensor>>;
}

/**
 * Checks the options of a call. A mask passed in place of the options is a common mistake, so it has its own message.
 *
 * @throws ValueError when the options are not an object, or a name is unknown
 */
export function checkCallOptions<Options extends object>(operation: string, options: Options, known: OptionNames<Options>): Options {
  if (isMask(options) || options instanceof Tensor) {
    const received = isMask(options) ? "a mask" : describeValue(options);
    refuse(ValueError, operation, "options", "an options object", received, "pass a mask as { mask }");
  }
  return checkOptions(operation, options, known);
}
