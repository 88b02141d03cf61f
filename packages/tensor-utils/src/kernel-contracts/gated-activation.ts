import type { Tensor } from "@tensorflow/tfjs-core";
import type { KernelName } from "../run-kernel.js";

/** y = activation(gate) · up: GLU, ReGLU, GEGLU, SwiGLU. Shazeer 2020. Inputs: gate and up `[...]`. Output: y `[...]`. */
export const GatedActivation: KernelName<{ gate: Tensor; up: Tensor }, GatedActivationAttrs, [y: Tensor]> = "GatedActivation";

/**
 * dgate = dy · up · activation'(gate) and dup = dy · activation(gate).
 * Inputs: dy, gate and up `[...]`. Outputs: dgate and dup `[...]`.
 */
export const GatedActivationGrad: KernelName<{ dy: Tensor; gate: Tensor; up: Tensor }, GatedActivationAttrs, [dgate: Tensor, dup: Tensor]> =
  "GatedActivationGrad";

/** The activation of a gate; `"gelu"` is exact, `"geluTanh"` its tanh form. */
export type GateName = "sigmoid" | "relu" | "gelu" | "geluTanh" | "silu";

/** Attributes of both gated kernels. */
export interface GatedActivationAttrs {
  readonly activation: GateName;
}
