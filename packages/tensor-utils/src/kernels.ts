import { getBackend, getKernel, registerKernel, unregisterKernel } from "@tensorflow/tfjs-core";

// Kernels that a backend may register beside tfjs's own, as `tf.registerKernel({ kernelName, backendName, kernelFunc })`.
// A block runs a kernel where the active backend has it and composes plain operations otherwise; both give the same
// numbers. Gradients are registered under the same names. Each contract is a file of its own.

export { AdamWUpdate, type AdamWUpdateAttrs } from "./kernel-contracts/adamw-update.js";
export { AppendKeysValues, type AppendKeysValuesAttrs } from "./kernel-contracts/append-keys-values.js";
export { CrossEntropy, type CrossEntropyAttrs, CrossEntropyGrad } from "./kernel-contracts/cross-entropy.js";
export {
  FusedAttention,
  type FusedAttentionAttrs,
  FusedAttentionGrad,
  type FusedAttentionMask,
  maskBlockCodes,
  maskBlockLength,
} from "./kernel-contracts/fused-attention.js";
export { GatedActivation, type GatedActivationAttrs, GatedActivationGrad, type GateName } from "./kernel-contracts/gated-activation.js";
export { Gelu, type GeluAttrs, GeluGrad } from "./kernel-contracts/gelu.js";
export { LayerNorm, type LayerNormAttrs, LayerNormGrad } from "./kernel-contracts/layer-norm.js";
export { Matmul, type MatmulAttrs } from "./kernel-contracts/matmul.js";
export { QuantizedMatmul, type QuantizedMatmulAttrs } from "./kernel-contracts/quantized-matmul.js";
export { Rectifier, RectifierGrad } from "./kernel-contracts/rectifier.js";
export { RMSNorm, type RMSNormAttrs, RMSNormGrad } from "./kernel-contracts/rms-norm.js";
export { RotaryEmbedding, type RotaryEmbeddingAttrs, type RotaryPairing } from "./kernel-contracts/rotary-embedding.js";
export { Silu, SiluGrad } from "./kernel-contracts/silu.js";
export { SoftmaxGrad } from "./kernel-contracts/softmax-grad.js";
export { type KernelInputs, type KernelName, type NoAttrs, runKernel } from "./run-kernel.js";

/** Whether the active backend has a kernel of this name. */
export function hasKernel(name: string): boolean {
  return getKernel(name, getBackend()) !== undefined;
}

/**
 * Runs a body on the active backend without one of its kernels, so that what uses the kernel composes plain operations: to compare
 * both in numbers, time or memory. The kernel is back when the body returns or throws.
 */
export function withoutKernel<Result>(name: string, body: () => Result): Result {
  const config = getKernel(name, getBackend());
  if (config === undefined) return body();
  unregisterKernel(name, config.backendName);
  try {
    return body();
  } finally {
    registerKernel(config);
  }
}
