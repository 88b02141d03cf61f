import type { Tensor } from "@tensorflow/tfjs-core";
import { own, withGradient } from "@tfblocks/tensor-utils";
import { hasKernel, RotaryEmbedding, type RotaryEmbeddingAttrs, runKernel } from "@tfblocks/tensor-utils/kernels";
import { composedRotation, type RotaryTables } from "./composed-rotation.js";

/**
 * Turns pairs (a, b) of the last dimension into (a cos - b sin, b cos + a sin), by the backend's own kernel where it has
 * one. Its gradient is the same by the negative angles, and so on at any order.
 *
 * @param x `[batch, heads, length, headDim]` @returns `[batch, heads, length, headDim]`
 */
export function rotate(x: Tensor, { cos, sin }: RotaryTables, attrs: RotaryEmbeddingAttrs): Tensor {
  if (x.size === 0) return own(x);
  return withGradient(
    [x],
    (input) => ({ value: turned(input!, { cos, sin }, attrs), saved: [cos, sin] }),
    (gradient, cosines, sines) => [rotate(gradient, { cos: cosines!, sin: sines! }, { ...attrs, inverse: !attrs.inverse })],
  );
}

function turned(x: Tensor, tables: RotaryTables, attrs: RotaryEmbeddingAttrs): Tensor {
  if (!hasKernel(RotaryEmbedding)) return composedRotation(x, tables, attrs);
  return runKernel(RotaryEmbedding, { x, cos: tables.cos, sin: tables.sin }, attrs)[0];
}
