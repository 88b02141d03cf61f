import { Random } from "@tfblocks/tensor-utils";
import type { Known } from "../check-known.js";

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

export const knownModelSizes: Known<ModelSizes> = {
  vocabSize: true,
  dModel: true,
  numLayers: true,
  numHeads: true,
  dropout: true,
  random: true,
};

/** Each layer with a random source of its own. */
export function layersOf<Layer>(
  { numLayers, random = new Random(0) }: ModelSizes,
  make: (random: Random, index: number) => Layer,
): Layer[] {
  return Array.from({ length: numLayers }, (_, index) => make(random.split("layers").split(index), index));
}
