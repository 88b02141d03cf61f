import type { Tensor } from "@tensorflow/tfjs-core";
import type { KernelName } from "../run-kernel.js";

/**
 * Rotary position embedding: each pair (a, b) of dimensions becomes (a cos - b sin, b cos + a sin). Su et al. 2021.
 *
 * Input: x `[batch, heads, length, headDim]`. The first rotaryDim dimensions of each head are turned, the others stay.
 * Output: y `[batch, heads, length, headDim]`. Its gradient is the kernel itself, inverse.
 */
export const RotaryEmbedding: KernelName<{ x: Tensor }, RotaryEmbeddingAttrs, [y: Tensor]> = "RotaryEmbedding";

/** Cosine and sine of each pair at each position, each `shape` = `[batch|1, length, rotaryDim / 2]`. They must not change. */
export interface RotaryTables {
  readonly cos: Float32Array;
  readonly sin: Float32Array;
  readonly shape: readonly [batch: number, length: number, pairs: number];
}

/** Which dimensions make pair i: i and i + rotaryDim / 2, or 2i and 2i + 1. */
export type RotaryPairing = "half" | "interleaved";

export interface RotaryEmbeddingAttrs {
  readonly pairing: RotaryPairing;
  /** Turns back: by the negative angles. */
  readonly inverse: boolean;
  readonly tables: RotaryTables;
}
