import { checkInteger, Random } from "@tfblocks/tensor-utils";

/** Sizes that every model has. */
export interface ModelSizes {
  readonly vocabSize: number;
  readonly dModel: number;
  readonly numLayers: number;
  readonly numHeads: number;
  /** Probability of dropping a number after embeddings and sublayers, and an attention weight, in training; default 0. */
  readonly dropout?: number;
  /** Source of the first parameters; default `new Random(0)`. */
  readonly random?: Random;
}

/** Each layer with a random source of its own. @throws ValueError when there is none */
export function layersOf<Layer>(
  { numLayers, random = new Random(0) }: ModelSizes,
  make: (random: Random, index: number) => Layer,
): Layer[] {
  checkInteger("TransformerStack", "numLayers", numLayers, 1);
  return Array.from({ length: numLayers }, (_, index) => make(random.split("layers").split(index), index));
}
