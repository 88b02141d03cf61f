import type { Tensor } from "@tensorflow/tfjs-core";
import {
  type Block,
  checkInteger,
  checkNumber,
  checkUnknown,
  type Initializer,
  isFiniteFloat,
  isPositive,
  isRate,
  packedXavierUniform,
  Random,
  refuse,
  ValueError,
  xavierUniform,
} from "@tfblocks/tensor-utils";

/** Sizes and parts of a `MultiHeadAttention`. */
export interface MultiHeadAttentionConfig {
  /** Width of the queries and of the output. */
  readonly dModel: number;
  /** Number of query heads. */
  readonly numHeads: number;
  /** Number of key-value heads, a divisor of numHeads; default numHeads, 1 is multi-query attention. */
  readonly numKvHeads?: number;
  /** Width of each query and key head; default dModel / numHeads. */
  readonly headDim?: number;
  /** Width of each value head; default headDim. */
  readonly valueDim?: number;
  /** Width of the keys that come in (PyTorch's kdim); default dModel. */
  readonly keyInputDim?: number;
  /** Width of the values that come in (PyTorch's vdim); default dModel. */
  readonly valueInputDim?: number;
  /** Which projections have a bias; default all. */
  readonly bias?: boolean | ProjectionBias;
  /** Append one learned key and value at the end (PyTorch's add_bias_kv); default false. */
  readonly addBiasKv?: boolean;
  /** Add a key of zeros: a sink logit of 0 in every softmax (PyTorch's add_zero_attn); default false. */
  readonly addZeroAttn?: boolean;
  /** Learn one sink logit per head, from 0; default false, and not with `addZeroAttn`. */
  readonly learnedSink?: boolean;
  /** Factor of the scores; default 1 / sqrt(headDim). */
  readonly scale?: number;
  /** Caps scores to ±softcap; default none. */
  readonly softcap?: number;
  /** Probability of dropping a weight in training, 0 <= dropout < 1; default 0. */
  readonly dropout?: number;
  /** Applied to the projected queries `[batch, heads, length, headDim]` (QK-norm); the attention disposes it. */
  readonly queryNorm?: Block;
  /** Applied to the projected keys `[batch, kvHeads, length, headDim]` before they are cached; disposed likewise. */
  readonly keyNorm?: Block;
  /** Turns queries and keys by their positions, after the norms and before the keys are cached; default none. */
  readonly rotary?: Rotary;
  /** First values of the input projections; default PyTorch's: xavier-uniform, packed where the widths are equal. */
  readonly init?: Initializer;
  /** Default `new Random(0)`. */
  readonly random?: Random;
}

/** Rotates `[batch, heads, length, headDim]` by position, as `RotaryEmbedding` of `@tfblocks/positional`. */
export interface Rotary {
  /** By `positions`, int32 `[length]` or `[batch, length]`, or by `offset`, offset + 1, … */
  apply(x: Tensor, options: { readonly positions?: Tensor; readonly offset?: number }): Tensor;
}

/** Biases of the four projections; each default true. */
export interface ProjectionBias {
  readonly query?: boolean;
  readonly key?: boolean;
  readonly value?: boolean;
  readonly output?: boolean;
}

/** A config with every default written out. */
export type ResolvedConfig = Required<Omit<MultiHeadAttentionConfig, "softcap" | "queryNorm" | "keyNorm" | "rotary" | "bias">> & {
  readonly queryNorm: Block | undefined;
  readonly keyNorm: Block | undefined;
  readonly rotary: Rotary | undefined;
  readonly softcap: number | undefined;
  readonly bias: Required<ProjectionBias>;
};

const operation = "MultiHeadAttention";

/** @throws ValueError when a size is no positive integer, does not divide, or two options exclude each other */
export function resolveConfig(config: MultiHeadAttentionConfig): ResolvedConfig {
  const {
    dModel,
    numHeads,
    numKvHeads = numHeads,
    keyInputDim = dModel,
    valueInputDim = dModel,
    queryNorm,
    keyNorm,
    rotary,
    ...others
  } = config;
  const packed = keyInputDim === dModel && valueInputDim === dModel;
  const {
    headDim = dividedWidth(dModel, numHeads),
    valueDim = headDim,
    init = packed ? packedXavierUniform : xavierUniform,
    bias = true,
    addBiasKv = false,
    addZeroAttn = false,
    learnedSink = false,
    dropout = 0,
    scale = 1 / Math.sqrt(headDim),
    softcap,
    random = new Random(0),
    ...unknown
  } = others;
  checkUnknown(operation, "config", unknown);
  for (const [name, size] of Object.entries({ dModel, numHeads, numKvHeads, headDim, valueDim, keyInputDim, valueInputDim })) {
    checkInteger(operation, name, size, 1);
  }
  if (numHeads % numKvHeads !== 0) refuse(ValueError, operation, "numKvHeads", `a divisor of numHeads = ${numHeads}`, numKvHeads);
  if (addZeroAttn && learnedSink) {
    refuse(
      ValueError,
      operation,
      "learnedSink",
      "false when addZeroAttn is true",
      learnedSink,
      "a learned sink of 0 is addZeroAttn: choose one",
    );
  }
  checkNumber(operation, "dropout", "a number in [0, 1)", dropout, isRate);
  checkNumber(operation, "scale", "a finite float32 number", scale, isFiniteFloat);
  if (softcap !== undefined) checkNumber(operation, "softcap", "a finite float32 number > 0", softcap, isPositive);
  const all = bias !== false;
  return {
    dModel,
    numHeads,
    numKvHeads,
    headDim,
    valueDim,
    keyInputDim,
    valueInputDim,
    addBiasKv,
    addZeroAttn,
    learnedSink,
    dropout,
    scale,
    softcap,
    random,
    init,
    bias: { query: all, key: all, value: all, output: all, ...(typeof bias === "object" && bias) },
    queryNorm,
    keyNorm,
    rotary,
  };
}

function dividedWidth(dModel: number, numHeads: number): number {
  checkInteger(operation, "dModel", dModel, 1);
  checkInteger(operation, "numHeads", numHeads, 1);
  if (dModel % numHeads !== 0) refuse(ValueError, operation, "dModel", `divisible by numHeads = ${numHeads}`, dModel, "or give headDim");
  return dModel / numHeads;
}
