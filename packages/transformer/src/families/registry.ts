import { refuse, ValueError } from "@tfblocks/tensor-utils";
import * as all from "./families.js";
import type { Family } from "./family.js";

type Families = typeof all;

/** The name of a family and of its builder: `"gpt2"`, `"llama"`, … */
export type FamilyName = keyof Families;

/** The sizes that a family's builder takes. */
export type SizesOf<Name extends FamilyName> = Parameters<Families[Name]>[0];

/** The model that a family's builder makes. */
export type ModelOf<Name extends FamilyName> = ReturnType<Families[Name]>;

/** Every family by the name of its builder. */
export const families: { readonly [Name in FamilyName]: Family<SizesOf<Name>, ModelOf<Name>> } = all;

/** The family of a config's `model_type`. @throws ValueError that lists the known ones */
export function familyOf(modelType: string): FamilyName {
  const names = Object.keys(families) as FamilyName[];
  const found = names.find((name) => families[name].modelType === modelType);
  const known = names.map((name) => families[name].modelType);
  return (
    found ?? refuse(ValueError, "loadModel", "config.model_type", `one of ${known.join(", ")}`, modelType, textModel(modelType, known))
  );
}

/** What to do where a model reads images too, and its text model is known. */
function textModel(modelType: string, known: readonly string[]): string | undefined {
  const text = known.find((each) => each === `${modelType}_text`);
  return text && `${modelType} reads images too; load its text model by the config in text_config, whose model_type is ${text}`;
}
