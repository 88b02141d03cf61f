import { engine, type GradConfig, type NamedTensorMap, type Tensor } from "@tensorflow/tfjs-core";
import { FusedAttention, FusedAttentionGrad } from "@tfblocks/tensor-utils";

/** The gradient of fused attention: its inputs are an array, of which tfjs hands over all, and then the outputs. */
export const fusedAttentionGradient: GradConfig = {
  kernelName: FusedAttention,
  saveAllInputs: true,
  outputsToSave: [true, true],
  gradFunc: (gradients, saved, attrs) => {
    const inputs = [...(saved as Tensor[]), ...(gradients as unknown as Tensor[])];
    const results = engine().runKernel(FusedAttentionGrad, inputs as unknown as NamedTensorMap, attrs) as unknown as Tensor[];
    return results.map((result) => () => result) as never;
  },
};
