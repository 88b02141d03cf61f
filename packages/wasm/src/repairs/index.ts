import type { FastKernel } from "../kernels/fast-kernel.js";
import { cast } from "./cast.js";
import { clipByValue } from "./clip-by-value.js";
import { cropAndResize } from "./crop-and-resize.js";
import { gatherNd, gatherV2 } from "./gather.js";
import { all, any, max, mean, min, prod, sum } from "./reductions.js";
import { cumprod, cumsum } from "./scan.js";
import { scatterNd, sparseToDense, tensorScatterUpdate } from "./scatter.js";
import { select } from "./select.js";

/** Kernels of tfjs that give wrong numbers, lose digits, or read and write outside their tensors. */
export const repairedKernels: readonly FastKernel[] = [
  all,
  any,
  cast,
  clipByValue,
  cropAndResize,
  cumprod,
  cumsum,
  gatherNd,
  gatherV2,
  max,
  mean,
  min,
  prod,
  scatterNd,
  select,
  sparseToDense,
  sum,
  tensorScatterUpdate,
];
