import { refuse, ValueError } from "@tfblocks/tensor-utils";
import type { SafetensorsReader } from "@tfblocks/weights";

/**
 * Refuses a config that speaks of another model than the weights, before any of them is read: widths must occur among
 * the tensors' dimensions, and there are not more layers than tensors. All sizes that contradict them are named.
 */
export function checkSizes(sizes: object, weights: SafetensorsReader): void {
  const dimensions = new Set(weights.names.flatMap((name) => weights.info(name).shape));
  const tensors = weights.names.length;
  const wrong = [
    ...given(sizes, ["vocabSize", "dModel", "hiddenDim", "maxLength", "numSegments", "numBuckets"], (width) => !dimensions.has(width)),
    ...given(sizes, ["numLayers", "numDecoderLayers"], (layers) => layers > tensors),
  ];
  if (wrong.length === 0) return;
  refuse(
    ValueError,
    "loadModel",
    "config",
    `of the weights' model, with widths that some tensor has and at most ${tensors} layers, the number of tensors`,
    wrong.join(", "),
    "config and weights belong to different models",
  );
}

function given(sizes: object, names: readonly string[], isWrong: (size: number) => boolean): string[] {
  const known = sizes as Readonly<Record<string, number | undefined>>;
  return names.flatMap((name) => (known[name] !== undefined && isWrong(known[name]) ? [`${name} = ${known[name]}`] : []));
}
