import type { FastKernel } from "../kernels/fast-kernel.js";
import { emptyShapes } from "./empty.js";
import { floorDiv, maximum, minimum, mod, prelu } from "./broadcast-kernels.js";
import { cast } from "./cast.js";
import { clipByValue } from "./clip-by-value.js";
import { conv3dBackpropInput } from "./conv3d-backprop-input.js";
import { cropAndResize } from "./crop-and-resize.js";
import { neg, relu6 } from "./elementwise.js";
import { highRanks } from "./high-ranks.js";
import { images } from "./images.js";
import { integers } from "./integers.js";
import { gatherNd, gatherV2 } from "./gather.js";
import { pack } from "./pack.js";
import { all, any, max, mean, min, prod, sum } from "./reductions.js";
import { cumprod, cumsum } from "./scan.js";
import { scatterNd, sparseToDense, tensorScatterUpdate } from "./scatter.js";
import { reverse } from "./reverse.js";
import { select } from "./select.js";
import { stridedSlice } from "./strided-slice.js";

/** Kernels that tfjs implements with wrong results, lost digits, or accesses outside their tensors. */
export const repairedKernels: readonly FastKernel[] = [
  all,
  any,
  cast,
  clipByValue,
  conv3dBackpropInput,
  cropAndResize,
  cumprod,
  cumsum,
  floorDiv,
  gatherNd,
  gatherV2,
  max,
  maximum,
  mean,
  min,
  minimum,
  mod,
  neg,
  pack,
  prelu,
  prod,
  relu6,
  reverse,
  scatterNd,
  select,
  sparseToDense,
  stridedSlice,
  sum,
  tensorScatterUpdate,
  ...emptyShapes,
  ...highRanks,
  ...images,
  ...integers,
];
