import { Cumsum, cumsum, type CumsumAttrs, type GradConfig } from "@tensorflow/tfjs-core";
import { gradientOf } from "./typed-gradient.js";

/** The sum from the other side. tfjs's transposes it where the dimension is not the last. */
export const cumsumGradient: GradConfig = gradientOf<CumsumAttrs>({
  kernelName: Cumsum,
  gradFunc: (gradient, _, { axis, exclusive, reverse }) => ({ x: () => cumsum(gradient, axis, exclusive, !reverse) }),
});
