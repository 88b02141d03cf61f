import type { Tensor } from "@tensorflow/tfjs-core";
import { own, withGradient } from "@tfblocks/tensor-utils";
import { hasKernel, RotaryEmbedding, type RotaryEmbeddingAttrs, runKernel } from "@tfblocks/tensor-utils/kernels";
import { composedRotation } from "./composed-rotation.js";

/**
 * Rotates pairs (a, b) of the last dimension to (a cos - b sin, b cos + a sin), with the backend's kernel if it has
 * one. The gradient is the rotation by the negated angles, so it is differentiable any number of times.
 *
 * @param x `[batch, heads, length, headDim]` @returns `[batch, heads, length, headDim]`
 */
export function rotate(x: Tensor, attrs: RotaryEmbeddingAttrs | (() => RotaryEmbeddingAttrs)): Tensor {
  if (x.size === 0) return own(x);
  return withGradient(
    [x],
    (input) => ({ value: rotated(input!, attrs), saved: [] }),
    (gradient) => [rotate(gradient, inverted(typeof attrs === "function" ? attrs() : attrs))],
  );
}

function inverted(attrs: RotaryEmbeddingAttrs): RotaryEmbeddingAttrs {
  return { ...attrs, inverse: !attrs.inverse };
}

function rotated(x: Tensor, attrs: RotaryEmbeddingAttrs | (() => RotaryEmbeddingAttrs)): Tensor {
  if (hasKernel(RotaryEmbedding)) return runKernel(RotaryEmbedding, { x }, attrs)[0];
  return composedRotation(x, typeof attrs === "function" ? attrs() : attrs);
}
