export {
  activation,
  type ActivationName,
  activationNames,
  type CanonicalActivationName,
  canonicalActivationName,
  type HuggingFaceActivationName,
  huggingFaceActivationName,
  isActivationName,
} from "./activations/activation.js";
export type { Activation } from "./activations/elementwise.js";
export { gelu, type GeluOptions, geluTanh } from "./activations/gelu.js";
export { identity } from "./activations/identity.js";
export { relu, relu2 } from "./activations/relu.js";
export { sigmoid, tanh } from "./activations/sigmoid.js";
export { quickGelu, silu } from "./activations/silu.js";
export { dropout, type DropoutOptions } from "./dropout.js";
export { FeedForward, type FeedForwardParts } from "./feed-forward.js";
export { feedForward, type FeedForwardSizes, gatedFeedForward, type GatedFeedForwardSizes } from "./feed-forward-sizes.js";
export { gatedActivation } from "./gated-activation.js";
export { GatedFeedForward, type GatedFeedForwardParts } from "./gated-feed-forward.js";
export { gatedHiddenDim, type GatedHiddenDimSizes } from "./gated-hidden-dim.js";
export { geglu, glu, type GluSizes, reglu, swiglu } from "./glu-variants.js";
export type { FeedForwardOptions } from "./parts.js";
