import { reshape, type Tensor4D } from "@tensorflow/tfjs-core";

/**
 * Moves the query heads that share a key-value head into the rows of one matrix, so that keys and values need not be
 * repeated. group = heads / kvHeads; query head h uses key-value head floor(h / group).
 *
 * @param perHead `[batch, heads, length, dim]`
 * @returns `[batch, kvHeads, group × length, dim]`
 */
export function foldGroups(perHead: Tensor4D, kvHeads: number): Tensor4D {
  const [batch, heads, length, dim] = perHead.shape;
  return heads === kvHeads ? perHead : reshape(perHead, [batch, kvHeads, (heads / kvHeads) * length, dim]);
}

/** Undoes {@link foldGroups}: `[batch, kvHeads, group × length, dim]` to `[batch, heads, length, dim]`. */
export function unfoldGroups(folded: Tensor4D, heads: number): Tensor4D {
  const [batch, kvHeads, rows, dim] = folded.shape;
  return heads === kvHeads ? folded : reshape(folded, [batch, heads, (rows * kvHeads) / heads, dim]);
}
