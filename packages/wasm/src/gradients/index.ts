import type { GradConfig } from "@tensorflow/tfjs-core";
import { batchMatMulGradient } from "./batch-mat-mul.js";
import { batchNormGradient } from "./batch-norm.js";
import { cumsumGradient } from "./cumsum.js";
import { einsumGradient } from "./einsum.js";
import { gatherGradient } from "./gather.js";
import { stepGradients } from "./nothing.js";
import { prodGradient } from "./prod.js";
import { gatherNdGradient, scatterNdGradient, tensorScatterUpdateGradient } from "./scatter.js";
import { selectGradient } from "./select.js";
import { stridedSliceGradient } from "./strided-slice.js";
import { tileGradient } from "./tile.js";
import { topKGradient } from "./top-k.js";
import { splitGradient, unpackGradient } from "./unpack.js";
import { unsortedSegmentSumGradient } from "./unsorted-segment-sum.js";

/** Gradients that tfjs lacks or computes wrongly, correct on every backend. */
export const repairedGradients: readonly GradConfig[] = [
  ...stepGradients,
  batchMatMulGradient,
  batchNormGradient,
  cumsumGradient,
  einsumGradient,
  gatherGradient,
  gatherNdGradient,
  prodGradient,
  scatterNdGradient,
  selectGradient,
  splitGradient,
  stridedSliceGradient,
  tensorScatterUpdateGradient,
  tileGradient,
  topKGradient,
  unpackGradient,
  unsortedSegmentSumGradient,
];
