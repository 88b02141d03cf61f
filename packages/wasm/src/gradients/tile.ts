import { type GradConfig, reshape, sum, type Tensor, Tile, type TileAttrs, zeros } from "@tensorflow/tfjs-core";
import { sizeOf } from "../sizes.js";
import { gradientOf } from "./typed-gradient.js";

/** `tf.tile` of any rank: the sum over the repeats. */
export const tileGradient: GradConfig = gradientOf<TileAttrs>({
  kernelName: Tile,
  inputsToSave: ["x"],
  gradFunc: (gradient, [x], { reps }) => ({ x: () => sumRepeats(gradient, x!.shape, reps) }),
});

/** Sums over the repeats of one dimension after the other, each as `[outer, repeats, rest]`. */
function sumRepeats(gradient: Tensor, shape: number[], repeats: readonly number[]): Tensor {
  if (gradient.size === 0) return zeros(shape);
  const summed = repeats.reduce<Tensor>((total, times, axis) => {
    const outer = sizeOf(shape.slice(0, axis));
    return times === 1 ? total : sum(reshape(total, [outer, times, -1]), 1);
  }, gradient);
  return reshape(summed, shape);
}
