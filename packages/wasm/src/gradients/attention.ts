import type { GradConfig, Tensor } from "@tensorflow/tfjs-core";
import { FusedAttention, type FusedAttentionAttrs, FusedAttentionGrad, runKernel } from "@tfblocks/tensor-utils/kernels";
import { gradientOf } from "./typed-gradient.js";

/** The gradient of fused attention, whose inputs are an array: tfjs saves all of them, and then the outputs. */
export const fusedAttentionGradient: GradConfig = gradientOf<FusedAttentionAttrs, Tensor[]>({
  kernelName: FusedAttention,
  saveAllInputs: true,
  outputsToSave: [true, true, true],
  gradFunc(gradients, saved, attrs) {
    const results = runKernel(FusedAttentionGrad, [...saved, ...gradients], attrs);
    return Object.fromEntries(results.map((result, index) => [index, () => result]));
  },
});
