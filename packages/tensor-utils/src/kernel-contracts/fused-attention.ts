import type { Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import type { KernelName } from "../run-kernel.js";

/**
 * Attention that holds no score matrix but the weights it is asked for. Its float32 inputs are an array (tfjs can save a varying number of
 * inputs for the gradient only so), with bias and sink where the attributes say so:
 *
 * - query `[batch, heads, queryLength, headDim]`
 * - key `[batch, kvHeads, keyRoom, headDim]`, of which the rows `keyRows` are the keyLength keys
 * - value `[batch, kvHeads, keyRoom, valueDim]`
 * - bias `[batch|1, heads|1, queryLength|1, keyLength|1]`, added to the scaled scores; columns beyond the keys are not read
 * - sink `[heads]`, one more logit in each softmax denominator
 *
 * Outputs: output `[batch, heads, queryLength, valueDim]`, logSumExp `[batch, heads, queryLength]` and, where the
 * attributes ask for them, the weights before dropout, `[batch, heads, queryLength, keyLength]`. A forbidden key has the
 * weight 0, even in a row with NaN. Asking for weights changes no bit of the others.
 */
export const FusedAttention: KernelName<
  readonly Tensor[],
  FusedAttentionAttrs,
  [output: Tensor4D, logSumExp: Tensor, ...weights: Tensor4D[]]
> = "FusedAttention";

/**
 * The gradients of {@link FusedAttention}: its inputs, its outputs and the gradients of its outputs, as one array.
 * Outputs: the gradients of the inputs, in their order and shapes.
 */
export const FusedAttentionGrad: KernelName<readonly Tensor[], FusedAttentionAttrs, Tensor[]> = "FusedAttentionGrad";

/** Attributes of both attention kernels. */
export interface FusedAttentionAttrs {
  /** Whether a bias is among the inputs, after the value. */
  readonly hasBias: boolean;
  /** Whether a sink is among the inputs, after the bias. */
  readonly hasSink: boolean;
  /** Whether the weights are among the outputs. */
  readonly needWeights: boolean;
  /** Factor of the scores. */
  readonly scale: number;
  /** Caps scores to ±softcap after the bias; 0 = none. */
  readonly softcap: number;
  /** 0 = no dropout; else as `dropoutFactors`. */
  readonly dropoutRate: number;
  readonly dropoutSeed: number;
  /** Absolute position of the first query and key, for dropout. */
  readonly queryOffset: number;
  readonly keyOffset: number;
  /** The first row of key and value that is read, and the one after the last; absent = all. {@link FusedAttentionGrad} takes all only. */
  readonly keyRows?: readonly [start: number, end: number];
  /** Absent = every key may be attended to. */
  readonly mask?: FusedAttentionMask;
}

/** Queries and keys along one edge of a block of a {@link FusedAttentionMask}. */
export const maskBlockLength = 64;

/** What {@link FusedAttentionMask.blocks} holds where a block has no cells of its own. */
export const maskBlockCodes: { readonly empty: -2; readonly full: -1 } = { empty: -2, full: -1 };

/**
 * Which cells are open, in blocks of 64 queries by 64 keys from the first query and key of the call: an empty block costs
 * nothing, a full one needs no test. The arrays must not change after the first call, because a backend may keep them.
 */
export interface FusedAttentionMask {
  /** 1 or the batch size. */
  readonly batch: number;
  /** 1 or the number of heads. */
  readonly heads: number;
  /** `[batch, heads, ceil(queryLength / 64), ceil(keyLength / 64)]`: -2 empty, -1 full, else the index of the block in `bits`. */
  readonly blocks: Int32Array;
  /**
   * `[index, 64 keys, 8]`: the cells of the blocks that are neither empty nor full. Bit `query % 8` of byte `query / 8` of a
   * key is set where the query may attend to the key; bits beyond the lengths are 0.
   */
  readonly bits: Uint8Array;
}
