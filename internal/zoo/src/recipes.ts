import { describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";
import { addition } from "./addition/addition.js";
import { grammar } from "./grammar/grammar.js";
import { induction } from "./induction/induction.js";
import type { Recipe } from "./recipe.js";
import { copy } from "./strings/copy.js";
import { reverse } from "./strings/reverse.js";

/** All recipes, from simple to complex. */
export const recipes: readonly Recipe[] = [copy, reverse, induction, addition, grammar];

/** The recipe with a name. @throws ValueError when there is none */
export function recipeOf(name: string): Recipe {
  const found = recipes.find((recipe) => recipe.name === name);
  if (found !== undefined) return found;
  return refuse(ValueError, "recipeOf", "name", `one of ${recipes.map((each) => each.name).join(", ")}`, describeValue(name));
}
