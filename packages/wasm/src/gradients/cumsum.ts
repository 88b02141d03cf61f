import { Cumsum, cumsum, type CumsumAttrs, type GradConfig } from "@tensorflow/tfjs-core";
import { gradientOf } from "./typed-gradient.js";

/** The cumulative sum in the other direction. The gradient of tfjs transposes it unless the dimension is the last. */
export const cumsumGradient: GradConfig = gradientOf<CumsumAttrs>({
  kernelName: Cumsum,
  gradFunc: (gradient, _, { axis, exclusive, reverse }) => ({ x: () => cumsum(gradient, axis, exclusive, !reverse) }),
});
