import type { Tensor } from "@tensorflow/tfjs-core";
import { own, withGradient } from "@tfblocks/tensor-utils";
import { hasKernel, RotaryEmbedding, type RotaryEmbeddingAttrs, runKernel } from "@tfblocks/tensor-utils/kernels";
import { composedRotation } from "./composed-rotation.js";

/** Cosine and sine of each pair at each position, `[batch|1, length, rotaryDim / 2]`. */
export interface RotaryTables {
  readonly cos: Tensor;
  readonly sin: Tensor;
}

/**
 * Rotates pairs (a, b) of the last dimension to (a cos - b sin, b cos + a sin), with the backend's kernel if it has
 * one. The gradient is the rotation by the negated angles, so it is differentiable any number of times.
 *
 * @param x `[batch, heads, length, headDim]` @returns `[batch, heads, length, headDim]`
 */
export function rotate(x: Tensor, { cos, sin }: RotaryTables, attrs: RotaryEmbeddingAttrs): Tensor {
  if (x.size === 0) return own(x);
  return withGradient(
    [x],
    (input) => ({ value: rotated(input!, { cos, sin }, attrs), saved: [cos, sin] }),
    (gradient, cosines, sines) => [rotate(gradient, { cos: cosines!, sin: sines! }, { ...attrs, inverse: !attrs.inverse })],
  );
}

function rotated(x: Tensor, tables: RotaryTables, attrs: RotaryEmbeddingAttrs): Tensor {
  return hasKernel(RotaryEmbedding) ? runKernel(RotaryEmbedding, { x, ...tables }, attrs)[0] : composedRotation(x, tables, attrs);
}
