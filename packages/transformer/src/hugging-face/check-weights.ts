import { refuse, ValueError } from "@tfblocks/tensor-utils";
import { type Layout, layoutSizeNames } from "@tfblocks/weights/layouts";
import type { StoredWeights } from "./stored-weights.js";

/**
 * Refuses a config that describes another model than the weights, before any tensor is read: every width must be a
 * dimension of some tensor, and there must be at least as many tensors as layers.
 *
 * @throws ValueError that names every size that contradicts the weights
 */
export function checkWeights(layout: Layout, sizes: Readonly<Record<string, number | undefined>>, stored: StoredWeights): void {
  const { layers, widths } = layoutSizeNames(layout);
  const dimensions = new Set([...stored.values()].flatMap(({ shape }) => shape));
  const tensors = stored.size;
  const wrong = Object.entries(sizes).filter(
    ([name, value]) =>
      value !== undefined && ((widths.includes(name) && !dimensions.has(value)) || (layers.includes(name) && value > tensors)),
  );
  if (wrong.length === 0) return;
  refuse(
    ValueError,
    "loadModel",
    "config",
    `of the weights' model, with widths that some tensor has and at most ${tensors} layers, the number of tensors`,
    wrong.map(([name, value]) => `${name} = ${value}`).join(", "),
    "config and weights belong to different models",
  );
}
