import type { GradConfig } from "@tensorflow/tfjs-core";
import { activationGradients, activations } from "./activations.js";
import { adamWUpdate } from "./adamw-update.js";
import { crossEntropy, crossEntropyGrad, crossEntropyGradient } from "./cross-entropy.js";
import type { FastKernel } from "./fast-kernel.js";
import { gatedActivation, gatedActivationGrad, gatedActivationGradient } from "./gated-activation.js";
import { layerNorm, layerNormGrad, layerNormGradient } from "./layer-norm.js";
import { rmsNorm, rmsNormGrad, rmsNormGradient } from "./rms-norm.js";
import { rotaryEmbedding, rotaryEmbeddingGradient } from "./rotary-embedding.js";
import { softmax, softmaxGrad, softmaxGradient } from "./softmax.js";
import { unary } from "./unary.js";

/** Rowwise and elementwise kernels. */
export const rowsAndNumbers: readonly FastKernel[] = [
  ...unary,
  ...activations,
  gatedActivation,
  gatedActivationGrad,
  layerNorm,
  layerNormGrad,
  rmsNorm,
  rmsNormGrad,
  softmax,
  softmaxGrad,
  rotaryEmbedding,
  crossEntropy,
  crossEntropyGrad,
  adamWUpdate,
];

export const rowsAndNumbersGradients: readonly GradConfig[] = [
  ...activationGradients,
  gatedActivationGradient,
  layerNormGradient,
  rmsNormGradient,
  softmaxGradient,
  rotaryEmbeddingGradient,
  crossEntropyGradient,
];
