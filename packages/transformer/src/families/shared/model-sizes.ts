import {
  checkInteger,
  checkPositive,
  checkRate,
  type Complete,
  type Defaults,
  describeValue,
  derived,
  Random,
  refuse,
  size,
  ValueError,
} from "@tfblocks/tensor-utils";

/** Sizes that every model has. */
export interface ModelSizes {
  readonly vocabSize: number;
  readonly dModel: number;
  readonly numLayers: number;
  readonly numHeads: number;
  /** Probability of dropping a number after embeddings and sublayers, and an attention weight, in training; default 0. */
  readonly dropout?: number;
  /** Source of the initial values; default `new Random(0)`. */
  readonly random?: Random;
}

/** The defaults of {@link ModelSizes}. */
export const modelDefaults: Defaults<ModelSizes> = {
  vocabSize: size,
  dModel: size,
  numLayers: size,
  numHeads: size,
  dropout: 0,
  random: derived(() => new Random(0)),
};

/** The default width of a head, dModel / numHeads. @throws ValueError when numHeads does not divide dModel */
export function headDimOf(operation: string, { dModel, numHeads }: Pick<ModelSizes, "dModel" | "numHeads">): number {
  if (dModel % numHeads === 0) return dModel / numHeads;
  return refuse(ValueError, operation, "dModel", `divisible by numHeads = ${numHeads}`, dModel);
}

/** Sizes that several families have; absent ones are not checked. */
interface CommonSizes extends Complete<ModelSizes> {
  readonly hiddenDim?: number;
  readonly numKvHeads?: number;
  readonly headDim?: number;
  readonly eps?: number;
  readonly theta?: number;
  readonly trainedLength?: number;
  readonly window?: unknown;
}

/** Checks sizes before parts are built from them, so that errors name the builder. @throws ValueError when one is out of range */
export function checkModelSizes(operation: string, sizes: CommonSizes): void {
  const { numHeads, numKvHeads = numHeads, headDim = headDimOf(operation, sizes), hiddenDim = 1, eps = 1, theta = 1 } = sizes;
  const { trainedLength = 1, window } = sizes;
  for (const [name, value] of Object.entries({ numKvHeads, headDim, hiddenDim, trainedLength })) checkInteger(operation, name, value, 1);
  if (numHeads % numKvHeads !== 0) refuse(ValueError, operation, "numKvHeads", `a divisor of numHeads = ${numHeads}`, numKvHeads);
  for (const [name, value] of Object.entries({ eps, theta })) checkPositive(operation, name, value);
  checkRate(operation, "dropout", sizes.dropout);
  if (window !== undefined && typeof window !== "function") {
    const advice = typeof window === "number" ? `pass () => ${window} for every layer` : undefined;
    refuse(ValueError, operation, "window", "a function of the layer's index", describeValue(window), advice);
  }
}

/** The layers of a stack, each built with its own random source. */
export function layersOf<Layer>(
  { numLayers, random }: Pick<Complete<ModelSizes>, "numLayers" | "random">,
  make: (random: Random, index: number) => Layer,
): Layer[] {
  return Array.from({ length: numLayers }, (_, index) => make(random.split("layers").split(index), index));
}
