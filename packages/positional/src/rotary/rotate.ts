import type { Tensor } from "@tensorflow/tfjs-core";
import { own, scope, withGradient } from "@tfblocks/tensor-utils";
import { hasKernel, RotaryEmbedding, type RotaryEmbeddingAttrs, runKernel } from "@tfblocks/tensor-utils/kernels";
import { composedRotation, type RotaryTables } from "./composed-rotation.js";

/**
 * Rotates pairs (a, b) of the last dimension to (a cos - b sin, b cos + a sin), with the backend's kernel if it has
 * one. The gradient is the rotation by the negated angles, so it is differentiable any number of times.
 *
 * @param x `[batch, heads, length, headDim]`
 * @param tables makes them, once more for the gradient, so that none is kept until then
 * @returns `[batch, heads, length, headDim]`
 */
export function rotate(x: Tensor, tables: () => RotaryTables, attrs: RotaryEmbeddingAttrs): Tensor {
  if (x.size === 0) return own(x);
  return withGradient(
    [x],
    (input) => ({ value: scope(() => rotated(input!, tables(), attrs)), saved: [] }),
    (gradient) => [rotate(gradient, tables, { ...attrs, inverse: !attrs.inverse })],
  );
}

function rotated(x: Tensor, tables: RotaryTables, attrs: RotaryEmbeddingAttrs): Tensor {
  return hasKernel(RotaryEmbedding) ? runKernel(RotaryEmbedding, { x, ...tables }, attrs)[0] : composedRotation(x, tables, attrs);
}
