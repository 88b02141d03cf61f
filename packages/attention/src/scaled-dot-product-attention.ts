import type { Tensor } from "@tensorflow/tfjs-core";
import { attend } from "./attend.js";
import type { AttentionOptions, AttentionResult } from "./attention-options.js";

/**
 * Scaled dot-product attention: softmax(mask(cap(scale · Q Kᵀ + bias))) V.
 *
 * The score of a query and a key is their dot product. The softmax of a query's scores gives the weights of the values. The
 * scale 1/√headDim keeps the variance of the scores near 1, so that the softmax does not saturate. A query that may not
 * attend to any key yields zeros, with zero gradients. With fewer key-value heads than query heads, adjacent query heads
 * share a key-value head. Source: Vaswani et al. 2017, section 3.2.1; grouped heads: Ainslie et al. 2023.
 *
 * @param query `[batch, heads, queryLength, headDim]`
 * @param key `[batch, kvHeads, keyLength, headDim]`, heads a multiple of kvHeads
 * @param value `[batch, kvHeads, keyLength, valueDim]`
 * @returns `output` `[batch, heads, queryLength, valueDim]`, and the other results that the options request
 * @throws ShapeError when a named dimension differs, heads is not a multiple of kvHeads, or a mask does not broadcast
 * @throws DTypeError, DisposedError when an argument is not a live tensor of its dtype
 * @throws ValueError when scale, softcap, dropout, seed, an offset or a tap is out of range, or an option is unknown
 * @throws AllocationError when the scores do not fit into memory
 */
export function scaledDotProductAttention(query: Tensor, key: Tensor, value: Tensor, options: AttentionOptions = {}): AttentionResult {
  return attend("scaledDotProductAttention", query, { key, value }, options);
}
