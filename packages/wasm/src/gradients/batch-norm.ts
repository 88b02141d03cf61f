import { add, FusedBatchNorm, type FusedBatchNormAttrs, type GradConfig, mul, rsqrt, sub, type Tensor } from "@tensorflow/tfjs-core";
import { sumTo } from "@tfblocks/tensor-utils";
import { gradientOf } from "./typed-gradient.js";

/** Names of inputs to save, without those that are absent, which tfjs fails to save. */
class PresentInputs extends Array<string> {
  static override get [Symbol.species]() {
    return Array;
  }

  override map<Result>(pick: (name: string, index: number, names: string[]) => Result): Result[] {
    return super.map(pick).filter((input) => input !== undefined && input !== null);
  }
}

/** `tf.batchNorm` with optional scale and offset: y = (x - mean) / √(variance + ε) · scale + offset. */
export const batchNormGradient: GradConfig = gradientOf<FusedBatchNormAttrs>({
  kernelName: FusedBatchNorm,
  inputsToSave: PresentInputs.from(["x", "mean", "variance", "scale"]) as PresentInputs,
  gradFunc(gradient, [x, mean, variance, scale], { varianceEpsilon }) {
    const factor = rsqrt(add(variance!, varianceEpsilon)); // shape of the variance
    const scaled = scale === undefined ? gradient : mul(gradient, scale);
    const toMean = (tensor: Tensor) => sumTo(tensor, mean!.shape);
    const centred = () => mul(sub(x!, mean!), factor);
    return {
      x: () => mul(scaled, factor),
      mean: () => toMean(mul(scaled, mul(factor, -1))),
      variance: () => toMean(mul(mul(scaled, centred()), mul(mul(factor, factor), -0.5))),
      scale: () => toMean(mul(gradient, centred())),
      offset: () => toMean(gradient),
    };
  },
});
