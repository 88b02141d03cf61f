import { concat, type GradConfig, SplitV, type SplitVAttrs, stack, type Tensor, Unpack, type UnpackAttrs } from "@tensorflow/tfjs-core";
import { gradientOf } from "./typed-gradient.js";

/** For a kernel with one output tfjs passes one gradient, not an array, which its gradients of these two do not expect. */
function asList(gradients: Tensor | Tensor[]): Tensor[] {
  return Array.isArray(gradients) ? gradients : [gradients];
}

/** `tf.unstack`, also into a single part, as `tf.linalg.bandPart` of one matrix needs. */
export const unpackGradient: GradConfig = gradientOf<UnpackAttrs, Tensor | Tensor[]>({
  kernelName: Unpack,
  gradFunc: (gradients, _, { axis }) => ({ value: () => stack(asList(gradients), axis) }),
});

/** `tf.split`, also into a single part. */
export const splitGradient: GradConfig = gradientOf<SplitVAttrs, Tensor | Tensor[]>({
  kernelName: SplitV,
  gradFunc: (gradients, _, { axis }) => ({ x: () => concat(asList(gradients), axis) }),
});
