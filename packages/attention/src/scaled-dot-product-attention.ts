import type { Tensor } from "@tensorflow/tfjs-core";
import { attend } from "./attend.js";
import type { AttentionOptions, AttentionResult } from "./attention-options.js";

/**
 * Scaled dot-product attention: softmax(mask(cap(scale · Q Kᵀ + bias))) V.
 *
 * Each query scores every key by their dot product; the softmax of its scores weighs the values. The scale
 * 1/√headDim keeps the variance of the scores near 1, so that the softmax does not saturate. A query that may
 * attend to nothing gives zeros, with zero gradients. Fewer key-value heads than query heads are shared in
 * adjacent groups. Source: Vaswani et al. 2017, section 3.2.1; grouped heads: Ainslie et al. 2023.
 *
 * @param query `[batch, heads, queryLength, headDim]`
 * @param key `[batch, kvHeads, keyLength, headDim]`, heads a multiple of kvHeads
 * @param value `[batch, kvHeads, keyLength, valueDim]`
 * @returns `output` `[batch, heads, queryLength, valueDim]`, and what the options ask for
 * @throws ShapeError when a named dimension differs, heads is no multiple of kvHeads, or a mask does not broadcast
 * @throws DTypeError, DisposedError when an argument is no live tensor of its dtype
 * @throws ValueError when scale, softcap, dropout, seed, an offset or a tap is out of its range
 * @throws AllocationError when the scores would not fit
 */
export function scaledDotProductAttention(query: Tensor, key: Tensor, value: Tensor, options: AttentionOptions = {}): AttentionResult {
  return attend("scaledDotProductAttention", query, key, value, options);
}
