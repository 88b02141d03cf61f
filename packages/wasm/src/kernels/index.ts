import type { GradConfig } from "@tensorflow/tfjs-core";
import { fusedAttentionGradient } from "../gradients/attention.js";
import { repairedGradients } from "../gradients/index.js";
import { arithmetic } from "../repairs/broadcast-kernels.js";
import { repairedKernels } from "../repairs/index.js";
import { appendKeysValues } from "./append-keys-values.js";
import { fusedAttention } from "./attention.js";
import { fusedAttentionGrad } from "./attention-grad.js";
import { batchNorm } from "./batch-norm.js";
import { conv2dBackpropFilter } from "./conv2d-backprop-filter.js";
import { depthwiseBackpropFilter, depthwiseBackpropInput } from "./depthwise-backprop.js";
import { einsum } from "./einsum.js";
import type { FastKernel } from "./fast-kernel.js";
import { joinAndSplit } from "./join-and-split.js";
import { batchMatMul, fusedMatMul, matmul } from "./matmul.js";
import { quantizedMatmul } from "./quantized-matmul.js";
import { rowsAndNumbers, rowsAndNumbersGradients } from "./rows-and-numbers.js";
import { tile } from "./tile.js";
import { transpose } from "./transpose.js";
import { unsortedSegmentSum } from "./unsorted-segment-sum.js";

/** Kernels that tfjs lacks or computes wrongly. */
export const repairs: readonly FastKernel[] = [
  batchMatMul,
  fusedMatMul,
  matmul,
  batchNorm,
  conv2dBackpropFilter,
  depthwiseBackpropFilter,
  depthwiseBackpropInput,
  einsum,
  unsortedSegmentSum,
  transpose,
  ...repairedKernels,
];

/** Kernels that are faster than those of tfjs. */
export const fast: readonly FastKernel[] = [
  ...arithmetic,
  ...rowsAndNumbers,
  appendKeysValues,
  fusedAttention,
  fusedAttentionGrad,
  quantizedMatmul,
  tile,
  ...joinAndSplit,
];

/** Gradients that tfjs lacks or computes wrongly. */
export const gradients: readonly GradConfig[] = [fusedAttentionGradient, ...rowsAndNumbersGradients, ...repairedGradients];
