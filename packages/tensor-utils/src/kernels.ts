import { getBackend, getKernel } from "@tensorflow/tfjs-core";

// Kernels that a backend may register beside tfjs's own, as `tf.registerKernel({ kernelName, backendName, kernelFunc })`.
// A block runs a kernel where the active backend has it and composes plain operations where not; both give the same
// numbers. Gradients are registered under the same names.

export {
  type GatedActivationAttrs,
  GatedActivation,
  GatedActivationGrad,
  type GateName,
  Gelu,
  type GeluAttrs,
  GeluGrad,
  Silu,
  SiluGrad,
} from "./kernel-contracts/activations.js";
export { AdamWUpdate, type AdamWUpdateAttrs } from "./kernel-contracts/adamw-update.js";
export { CrossEntropy, type CrossEntropyAttrs, CrossEntropyGrad } from "./kernel-contracts/cross-entropy.js";
export { LayerNorm, type LayerNormAttrs, LayerNormGrad, RMSNorm, type RMSNormAttrs, RMSNormGrad } from "./kernel-contracts/norm.js";
export { RotaryEmbedding, type RotaryEmbeddingAttrs, type RotaryPairing } from "./kernel-contracts/rotary-embedding.js";
export { SoftmaxGrad } from "./kernel-contracts/softmax-grad.js";

/**
 * Attention that never holds the score matrix. Its float32 inputs are an array (tfjs can save a varying number of
 * inputs for the gradient only so), with bias and sink where the attributes say so:
 *
 * - query `[batch, heads, queryLength, headDim]`
 * - key `[batch, kvHeads, keyLength, headDim]`
 * - value `[batch, kvHeads, keyLength, valueDim]`
 * - bias `[batch|1, heads|1, queryLength|1, keyLength|1]`, added to the scaled scores
 * - sink `[heads]`, one more logit in each softmax denominator
 *
 * Outputs: output `[batch, heads, queryLength, valueDim]` and logSumExp `[batch, heads, queryLength]`.
 */
export const FusedAttention = "FusedAttention";

/**
 * The gradients of {@link FusedAttention}: its inputs, then output, logSumExp and the gradients of both, as one array.
 * Outputs: the gradients of the inputs, in their order and shapes.
 */
export const FusedAttentionGrad = "FusedAttentionGrad";

/** Attributes of both attention kernels. */
export interface FusedAttentionAttrs {
  /** Whether a bias is among the inputs, after the value. */
  readonly hasBias: boolean;
  /** Whether a sink is among the inputs, after the bias. */
  readonly hasSink: boolean;
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
  /** Absent = every key may be attended to. */
  readonly mask?: FusedAttentionMask;
}

/** Which cells are open, by blocks: an empty block costs nothing, a full one needs no test. */
export interface FusedAttentionMask {
  /** 1 or the batch size. */
  readonly batch: number;
  /** 1 or the number of heads. */
  readonly heads: number;
  /** Edge lengths of a block, in queries and keys; the last blocks are cut by the lengths. */
  readonly blockSize: { readonly query: number; readonly key: number };
  /** `[batch, heads, queryBlocks, keyBlocks]`: 0 empty, 1 partial, 2 full. */
  readonly states: Uint8Array;
  /** For each partial block in that order, `blockSize.query × blockSize.key` bytes, row-major: 1 open, 0 forbidden. */
  readonly cells: Uint8Array;
}

/**
 * Matrix product of the last two dimensions, batch dimensions broadcast as NumPy does, of float32 inputs
 * `a` `[..., rows, inner]`, `b` `[..., inner, columns]` and, if given, `bias` `[columns]`: `[..., rows, columns]`.
 * Right for operands that share a buffer, and for empty ones.
 */
export const Matmul = "Matmul";

/** Which operands of {@link Matmul} have their last two dimensions swapped first. */
export interface MatmulAttrs {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** Whether the active backend has a kernel of this name. */
export function hasKernel(name: string): boolean {
  return getKernel(name, getBackend()) !== undefined;
}
