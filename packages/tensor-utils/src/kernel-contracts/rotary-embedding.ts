import type { Tensor } from "@tensorflow/tfjs-core";
import type { KernelName } from "../run-kernel.js";

/**
 * Rotary position embedding: each pair (a, b) of dimensions becomes (a cos - b sin, b cos + a sin). Su et al. 2021.
 *
 * Inputs: x `[batch, heads, length, headDim]`, of which the first rotaryDim dimensions of each head are turned and the others stay; cos and
 * sin `[batch|1, length, rotaryDim / 2]`, of the angle of each pair at each position.
 * Output: y `[batch, heads, length, headDim]`. The gradient of x is the kernel itself, inverse; cos and sin have none.
 */
export const RotaryEmbedding: KernelName<{ x: Tensor; cos: Tensor; sin: Tensor }, RotaryEmbeddingAttrs, [y: Tensor]> = "RotaryEmbedding";

/** Which dimensions make pair i: i and i + rotaryDim / 2, or 2i and 2i + 1. */
export type RotaryPairing = "half" | "interleaved";

export interface RotaryEmbeddingAttrs {
  readonly pairing: RotaryPairing;
  /** Turns back: by the negative angles. */
  readonly inverse: boolean;
}
