import { add, memory, mul, sqrt, type Tensor, tensor1d } from "@tensorflow/tfjs-core";
import { embedTokens } from "@tfblocks/lesson";
import { layerNorm, normStatistics, rmsNorm } from "@tfblocks/norm";
import { scope } from "@tfblocks/tensor-utils";
import { floats } from "../../../compute/floats.js";
import type { NormPicture, NormStage } from "./picture.js";
import type { NormSettings } from "./settings.js";

/** The dimension of the outlier, and the number that is added to it. The other dimensions have a standard deviation of about 1. */
const outlierDim = 3;
const outlierSize = 12;

/** Applies both norms to the vectors of the tokens. All tensors are freed. */
export function computeNorms(settings: NormSettings, tokens: readonly string[]): NormPicture {
  const started = performance.now();
  const stages = scope((): NormPicture["stages"] => {
    const x = vectors(settings, tokens);
    return [normStage("before", x), normStage("LayerNorm", layerNorm(x)), normStage("RMSNorm", rmsNorm(x))];
  });
  return { tokens, width: settings.width, stages, milliseconds: performance.now() - started, liveTensors: memory().numTensors };
}

/** `[1, tokens, width]` */
function vectors({ width, seed, stretch, shift, outlier }: NormSettings, tokens: readonly string[]): Tensor {
  const embedded = embedTokens(tokens, { dModel: width, seed });
  const peak = Float32Array.from({ length: width }, (_, dim) => (outlier && dim === outlierDim ? outlierSize : 0));
  return add(mul(add(embedded, tensor1d(peak)), stretch), shift);
}

/** The vectors at a stage and their statistics. @param x `[1, tokens, width]` */
export function normStage(name: string, x: Tensor): NormStage {
  const { mean, variance, meanSquare } = normStatistics(x);
  return {
    name,
    values: floats(x),
    mean: floats(mean),
    deviation: floats(sqrt(variance)),
    rootMeanSquare: floats(sqrt(meanSquare)),
  };
}
