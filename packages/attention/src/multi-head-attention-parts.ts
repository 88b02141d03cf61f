import type { Tensor, Variable } from "@tensorflow/tfjs-core";
import {
  type Block,
  checkFinite,
  checkInteger,
  checkOptions,
  checkPair,
  checkPositive,
  checkRate,
  type OptionNames,
  type Projection,
  refuse,
  ValueError,
} from "@tfblocks/tensor-utils";
import type { Live } from "@tfblocks/tensor-utils/steps";
import { checkProjections } from "./projections.js";

/** Parts and settings of a `MultiHeadAttention`, which takes ownership of the parts. */
export interface MultiHeadAttentionParts<Map extends Projection = Projection> {
  /** Projection `[..., dModel]` to `[..., numHeads × headDim]`. */
  readonly query: Map;
  /** Projection `[..., keyInputDim]` to `[..., numKvHeads × headDim]`. */
  readonly key: Map;
  /** Projection `[..., valueInputDim]` to `[..., numKvHeads × valueDim]`. */
  readonly value: Map;
  /** Projection `[..., numHeads × valueDim]` to `[..., dModel]`. */
  readonly output: Map;
  /** Number of query heads. */
  readonly numHeads: number;
  /** Number of key-value heads, a divisor of numHeads; default numHeads. */
  readonly numKvHeads?: number | undefined;
  /** Applied to the projected queries `[batch, heads, length, headDim]` (QK-norm); default none. */
  readonly queryNorm?: Block | undefined;
  /** Applied to the projected keys `[batch, kvHeads, length, headDim]`, before they are cached; default none. */
  readonly keyNorm?: Block | undefined;
  /** Rotates queries and keys by their positions, after the norms and before keys are cached; default none. */
  readonly rotary?: Rotary | undefined;
  /** A learned key `[1, 1, numKvHeads × headDim]` after the others (PyTorch's bias_k); requires `biasValue`. */
  readonly biasKey?: Variable | undefined;
  /** The learned value `[1, 1, numKvHeads × valueDim]` of `biasKey` (PyTorch's bias_v). */
  readonly biasValue?: Variable | undefined;
  /** An additional logit in each softmax denominator: learned `[numHeads]`, or one number for all heads; default none. 0 is PyTorch's add_zero_attn. */
  readonly sink?: Variable | number | undefined;
  /** Factor of the scores; default 1 / sqrt(headDim). */
  readonly scale?: number | undefined;
  /** Limits the scores to ±softcap; default none. */
  readonly softcap?: number | undefined;
  /** Probability of dropping a weight in training, 0 <= dropout < 1; default 0. */
  readonly dropout?: number | undefined;
}

const partNames: OptionNames<MultiHeadAttentionParts> = {
  query: true,
  key: true,
  value: true,
  output: true,
  numHeads: true,
  numKvHeads: true,
  queryNorm: true,
  keyNorm: true,
  rotary: true,
  biasKey: true,
  biasValue: true,
  sink: true,
  scale: true,
  softcap: true,
  dropout: true,
};

/** Rotates `[batch, heads, length, headDim]` by position, for example `RotaryEmbedding` of `@tfblocks/positional`. */
export interface Rotary {
  /**
   * Takes either `positions`, int32 `[length]` or `[batch, length]`, or `offset`, for the positions offset, offset + 1, … The offset is a
   * function where it changes from one repetition of a captured step to the next.
   */
  apply(x: Tensor, options: { readonly positions?: Tensor; readonly offset?: Live<number> }): Tensor;
}

/** @throws ValueError when a part is unknown or missing, a setting is out of range, or the widths of two parts do not match */
export function checkParts(parts: MultiHeadAttentionParts): MultiHeadAttentionParts {
  const operation = "MultiHeadAttention";
  const {
    numHeads,
    numKvHeads = numHeads,
    scale,
    softcap,
    dropout = 0,
    biasKey,
    biasValue,
    sink,
  } = checkOptions(operation, parts, partNames, "part");
  checkInteger(operation, "numHeads", numHeads, 1);
  checkInteger(operation, "numKvHeads", numKvHeads, 1);
  if (numHeads % numKvHeads !== 0) refuse(ValueError, operation, "numKvHeads", `a divisor of numHeads = ${numHeads}`, numKvHeads);
  checkRate(operation, "dropout", dropout);
  if (scale !== undefined) checkFinite(operation, "scale", scale);
  if (softcap !== undefined) checkPositive(operation, "softcap", softcap);
  if (typeof sink === "number") checkFinite(operation, "sink", sink);
  checkPair(operation, { biasKey, biasValue });
  checkProjections(operation, { ...parts, numKvHeads });
  return parts;
}
