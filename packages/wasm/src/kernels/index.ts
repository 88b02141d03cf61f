import type { GradConfig } from "@tensorflow/tfjs-core";
import { fusedAttentionGradient } from "../gradients/attention.js";
import { fusedAttention } from "./attention.js";
import { fusedAttentionGrad } from "./attention-grad.js";
import type { FastKernel } from "./fast-kernel.js";
import { batchMatMul, fusedMatMul, matmul } from "./matmul.js";
import { softmax } from "./softmax.js";

/** Kernels that mend what tfjs gets wrong or lacks. */
export const repairs: readonly FastKernel[] = [batchMatMul, fusedMatMul, matmul];

/** Kernels that are there for speed. */
export const fast: readonly FastKernel[] = [softmax, fusedAttention, fusedAttentionGrad];

/** Gradients of kernels that tfjs does not have, or has wrong. */
export const gradients: readonly GradConfig[] = [fusedAttentionGradient];
