import { engine } from "@tensorflow/tfjs-core";
import { checkInteger } from "@tfblocks/tensor-utils";
import { checkKnown, type Known } from "../check-known.js";
import { knownModelSizes, type ModelSizes } from "./sizes.js";

/** Names of the sizes that a model has beside those of every model. */
export type OwnSizes<Sizes> = Known<Omit<Sizes, keyof ModelSizes>>;

/** Runs a model's builder on sizes whose names and layers are right. @throws ValueError when they are not */
export function buildingModel<Sizes extends ModelSizes, Model>(
  operation: string,
  sizes: Sizes,
  own: OwnSizes<Sizes>,
  build: () => Model,
): Model {
  checkKnown(operation, "sizes", sizes, { ...knownModelSizes, ...own } as Known<Sizes>);
  checkInteger(operation, "numLayers", sizes.numLayers, 1);
  return building(build);
}

/** Runs a builder; when it throws, the parameters that it has made are freed. */
export function building<Model>(build: () => Model): Model {
  const { registeredVariables } = engine().state;
  const before = new Set(Object.keys(registeredVariables));
  try {
    return build();
  } catch (error) {
    const made = Object.keys(registeredVariables).filter((name) => !before.has(name));
    for (const name of made) registeredVariables[name]!.dispose();
    throw error;
  }
}
