// Kernels that a backend may register beside tfjs's own. Where a kernel takes an array of inputs, some of them may be
// absent, which tfjs can save for the gradient only so. All tensors are float32 unless said otherwise.
export { FusedAttention, type FusedAttentionAttrs, FusedAttentionGrad, type FusedAttentionMask, hasKernel } from "../kernels.js";
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
} from "./activations.js";
export { AdamWUpdate, type AdamWUpdateAttrs } from "./adamw-update.js";
export { CrossEntropy, type CrossEntropyAttrs, CrossEntropyGrad } from "./cross-entropy.js";
export { LayerNorm, type LayerNormAttrs, LayerNormGrad, RMSNorm, type RMSNormAttrs, RMSNormGrad } from "./norm.js";
export { RotaryEmbedding, type RotaryEmbeddingAttrs, type RotaryPairing } from "./rotary-embedding.js";
export { SoftmaxGrad } from "./softmax-grad.js";
