import { maxTextLength, type RunSettings, textTraining } from "../../training/run-settings.js";
import type { ListedRecipe } from "./listed-recipe.js";
import { textRecipe, type TrainSettings } from "./link.js";

/** The defaults of the chosen recipe, or of a training on a text. */
export function defaultsOf(
  { recipe }: TrainSettings,
  recipes: readonly ListedRecipe[],
): Pick<RunSettings, "steps" | "batchSize" | "learningRate"> {
  return recipes.find(({ name }) => name === recipe) ?? textTraining;
}

/** The training that the settings describe; undefined for a text that has not been given. */
export function orderOf(settings: TrainSettings, recipes: readonly ListedRecipe[], text: string): RunSettings | undefined {
  const defaults = defaultsOf(settings, recipes);
  const training = {
    steps: settings.steps || defaults.steps,
    batchSize: settings.batch || defaults.batchSize,
    learningRate: settings.rate || defaults.learningRate,
    seed: settings.seed,
  };
  if (settings.recipe !== textRecipe) {
    const recipe = recipes.find(({ name }) => name === settings.recipe) ?? recipes[0];
    return recipe && { ...training, source: { kind: "recipe", recipe: recipe.name } };
  }
  const { tokens, vocabulary, layers, heads, width: dModel, context } = settings;
  if (text.trim() === "") return undefined;
  return {
    ...training,
    source: { kind: "text", text: text.slice(0, maxTextLength), sizes: { tokens, vocabulary, layers, heads, dModel, context } },
  };
}
