import type { Tensor } from "@tensorflow/tfjs-core";
import type { KernelName } from "../run-kernel.js";

/**
 * One step of AdamW (Loshchilov and Hutter 2019), by PyTorch's formula:
 *
 * m' = beta1 m + (1 - beta1) gradient; v' = beta2 v + (1 - beta2) gradient²;
 * parameter' = (1 - learningRate weightDecay) parameter
 *   - learningRate / (1 - beta1^step) · m' / (sqrt(v' / (1 - beta2^step)) + eps).
 *
 * Inputs: parameter, gradient, m and v `[...]`. Outputs, new tensors: parameter', m' and v' `[...]`.
 */
export const AdamWUpdate: KernelName<
  { parameter: Tensor; gradient: Tensor; m: Tensor; v: Tensor },
  AdamWUpdateAttrs,
  [parameter: Tensor, m: Tensor, v: Tensor]
> = "AdamWUpdate";

export interface AdamWUpdateAttrs {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly eps: number;
  readonly weightDecay: number;
  /** Counted from 1. */
  readonly step: number;
}
