import type { Tensor } from "@tensorflow/tfjs-core";
import type { KernelName } from "../run-kernel.js";

/**
 * Product with a quantised matrix of 4 or 8 bits: y = x Wᵀ + bias, W = scale · (code - zero) + offset for each group of inputs.
 * Without offsets zero is the middle code, 2^(bits - 1); with offsets it is 0.
 *
 * Inputs, in quads of four outputs:
 *
 * - x `[..., inFeatures]`, float32
 * - codes int32 `[ceil(outFeatures / 4), inFeatures · bits / 8]`. As bytes, byte 4 r + j of 16 belongs to output r of the quad. With 8
 *   bits it is code - 128 of input j of the next four; with 4 bits its low nibble is the code of input j and its high nibble that of
 *   input 4 + j of the next eight.
 * - scales `[ceil(outFeatures / 4), inFeatures / groupSize, 4]`, float32
 * - offsets as scales; optional
 * - bias `[outFeatures]`; optional
 *
 * Outputs beyond outFeatures in the last quad have scale 0. The kernel rounds x to integers in spans of min(groupSize, 32) inputs: of at
 * most m = 32767 for codes of 8 bits and 127 for 4 bits. The product of a weight is then off by at most
 * |weight| · (largest |x| of the span) / 2m, rounding apart. A span with NaN or infinities gives NaN.
 *
 * Output: `[..., outFeatures]`.
 */
export const QuantizedMatmul: KernelName<
  { x: Tensor; codes: Tensor; scales: Tensor; offsets?: Tensor; bias?: Tensor },
  QuantizedMatmulAttrs,
  [Tensor]
> = "QuantizedMatmul";

export interface QuantizedMatmulAttrs {
  readonly bits: 4 | 8;
  /** Inputs that share a scale: 16, 32, 64 or 128. */
  readonly groupSize: number;
  readonly outFeatures: number;
}
