/**
 * y = x · Φ(x), Φ the standard normal distribution function. Hendrycks and Gimpel 2016.
 * Input: x `[...]`. Output: y `[...]`.
 */
export const Gelu = "Gelu";

/** dx = dy · gelu'(x). Inputs: dy and x `[...]`. Output: dx `[...]`. */
export const GeluGrad = "GeluGrad";

/** Attributes of both GELU kernels. */
export interface GeluAttrs {
  /** `"tanh"`: 0.5 x (1 + tanh(√(2/π) (x + 0.044715 x³))) in its place. */
  readonly approximate: "none" | "tanh";
}

/** y = x · sigmoid(x), also called swish. Input: x `[...]`. Output: y `[...]`. */
export const Silu = "Silu";

/** dx = dy · silu'(x). Inputs: dy and x `[...]`. Output: dx `[...]`. */
export const SiluGrad = "SiluGrad";

/** y = activation(gate) · up: GLU, ReGLU, GEGLU, SwiGLU. Shazeer 2020. Inputs: gate and up `[...]`. Output: y `[...]`. */
export const GatedActivation = "GatedActivation";

/**
 * dgate = dy · up · activation'(gate) and dup = dy · activation(gate).
 * Inputs: dy, gate and up `[...]`. Outputs: dgate and dup `[...]`.
 */
export const GatedActivationGrad = "GatedActivationGrad";

/** The activation of a gate; `"gelu"` is exact, `"geluTanh"` its tanh form. */
export type GateName = "sigmoid" | "relu" | "gelu" | "geluTanh" | "silu";

/** Attributes of both gated kernels. */
export interface GatedActivationAttrs {
  readonly activation: GateName;
}
