import { refuse, ValueError } from "@tfblocks/tensor-utils";
import type { SafetensorsReader } from "@tfblocks/weights";

/**
 * Refuses a config that speaks of another model than the weights, before anything of its size is allocated: widths must
 * occur among the tensors' dimensions, and there are not more layers than tensors.
 */
export function checkSizes(sizes: object, weights: SafetensorsReader): void {
  const dimensions = new Set(weights.names.flatMap((name) => weights.info(name).shape));
  for (const name of ["vocabSize", "dModel", "hiddenDim", "maxLength"]) {
    const size = (sizes as Record<string, unknown>)[name];
    if (size === undefined || dimensions.has(size as number)) continue;
    refuse(
      ValueError,
      "loadModel",
      `config (${name})`,
      "a dimension of some tensor of the weights",
      size,
      "config and weights belong to different models",
    );
  }
  const layers = Number((sizes as { readonly numLayers?: number }).numLayers);
  const tensors = weights.names.length;
  if (layers > tensors) refuse(ValueError, "loadModel", "config (numLayers)", `at most ${tensors}, the number of tensors`, layers);
}
