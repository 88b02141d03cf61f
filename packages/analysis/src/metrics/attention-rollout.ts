import type { AttentionMaps } from "../maps/attention-maps.js";
import { checkedPath, type Mixing, type PathOptions, type PathScores, scorePaths } from "./paths/mixing.js";

/** What {@link attentionRollout} returns. */
export interface AttentionRollout extends PathScores {
  readonly metric: "attentionRollout";
}

/**
 * Attention rollout: how much of each token after the last layer comes from each input token, if attention only mixes.
 *
 * R₁ = Â₁, Rₗ = Âₗ Rₗ₋₁ with Âₗ = (1 − residual) · the mean of the heads of layer l + residual · I. Rows sum to 1. Values and
 * feed-forward networks are left out. Under a causal mask early tokens gain whatever the weights are: compare with `nullScores`,
 * the rollout of uniform attention under the same masks.
 *
 * A token keeps itself in a layer that allows it no key. Attention to a sink or a learned key brings no token, so that the row is
 * normalised without it. Padded queries have no scores.
 *
 * Source: Abnar & Zuidema 2020, "Quantifying Attention Flow in Transformers".
 *
 * @param maps the maps of self-attention, from the first layer to the last, on the same sequences
 * @throws ShapeError when layers differ in batch or length, or are not square
 * @throws ValueError when there is no layer, option `layers` is not increasing indices of them, `residual` is not from 0 to 1, or an
 *   option is unknown
 */
export function attentionRollout(maps: readonly AttentionMaps[], options: PathOptions = {}): AttentionRollout {
  const path = checkedPath("attentionRollout", maps, options);
  const scores = scorePaths(path, (mixings) => mixings.reduce(multiply, identity(path.length)));
  return { metric: "attentionRollout", version: 1, layers: path.layers, residual: path.residual, ...scores };
}

function identity(size: number): Mixing {
  return Array.from({ length: size }, (_, row) => Float64Array.from({ length: size }, (__, column) => Number(row === column)));
}

/** layer · earlier. */
function multiply(earlier: Mixing, layer: Mixing): Mixing {
  return layer.map((weights) => {
    const row = new Float64Array(weights.length);
    weights.forEach((weight, middle) => {
      if (weight !== 0) earlier[middle]!.forEach((value, key) => (row[key]! += weight * value));
    });
    return row;
  });
}
