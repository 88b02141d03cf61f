import type { Tensor } from "@tensorflow/tfjs-core";
import type { KernelName } from "../run-kernel.js";

/**
 * Matrix product of the last two dimensions, batch dimensions broadcast as NumPy does, of float32 inputs
 * `a` `[..., rows, inner]`, `b` `[..., inner, columns]` and, if given, `bias` `[columns]`: `[..., rows, columns]`.
 * Right for operands that share a buffer, and for empty ones.
 */
export const Matmul: KernelName<{ a: Tensor; b: Tensor; bias?: Tensor }, MatmulAttrs, [Tensor]> = "Matmul";

/** Which operands of {@link Matmul} have their last two dimensions swapped first. */
export interface MatmulAttrs {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}
