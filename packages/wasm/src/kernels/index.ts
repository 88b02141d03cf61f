import type { GradConfig } from "@tensorflow/tfjs-core";
import type { FastKernel } from "./fast-kernel.js";
import { softmax } from "./softmax.js";

/** Kernels that mend what tfjs gets wrong or lacks. */
export const repairs: readonly FastKernel[] = [];

/** Kernels that are there for speed. */
export const fast: readonly FastKernel[] = [softmax];

/** Gradients of kernels that tfjs does not have, or has wrong. */
export const gradients: readonly GradConfig[] = [];
