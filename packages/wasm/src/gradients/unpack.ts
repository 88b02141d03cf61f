import { concat, type GradConfig, SplitV, type SplitVAttrs, stack, type Tensor, Unpack, type UnpackAttrs } from "@tensorflow/tfjs-core";
import { gradientOf } from "./typed-gradient.js";

/** tfjs hands the gradient of a kernel's only output alone, which its own gradients of these two do not expect. */
function asList(gradients: Tensor | Tensor[]): Tensor[] {
  return Array.isArray(gradients) ? gradients : [gradients];
}

/** `tf.unstack`, also into one part; `tf.linalg.bandPart` of one matrix needs it. */
export const unpackGradient: GradConfig = gradientOf<UnpackAttrs, Tensor | Tensor[]>({
  kernelName: Unpack,
  gradFunc: (gradients, _, { axis }) => ({ value: () => stack(asList(gradients), axis) }),
});

/** `tf.split`, also into one part. */
export const splitGradient: GradConfig = gradientOf<SplitVAttrs, Tensor | Tensor[]>({
  kernelName: SplitV,
  gradFunc: (gradients, _, { axis }) => ({ x: () => concat(asList(gradients), axis) }),
});
