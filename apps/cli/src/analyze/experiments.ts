import type { TablePage } from "@tfblocks/command-line";
import type { LanguageModel } from "@tfblocks/transformer";
import { type ExperimentProgress, grammar, grammarExperiment, induction, inductionExperiment, type Recipe } from "@tfblocks/zoo";
import { grammarLines } from "./grammar-lines.js";
import { inductionLines } from "./induction-lines.js";

/** What an experiment measured. */
export interface Measured {
  /** Plain JSON. */
  readonly result: object;
  /** The result as tables. */
  lines(page: TablePage): string[];
}

/** A recipe with an experiment that shows what its trained model has learned. */
export interface RecipeExperiment {
  readonly recipe: Recipe;
  measure(model: LanguageModel, onProgress: ExperimentProgress): Promise<Measured>;
}

/** All experiments of recipes. */
export const experiments: readonly RecipeExperiment[] = [
  experimentOf(induction, inductionExperiment, inductionLines),
  experimentOf(grammar, grammarExperiment, grammarLines),
];

function experimentOf<Result extends object>(
  recipe: Recipe<LanguageModel>,
  run: (model: LanguageModel, onProgress: ExperimentProgress) => Promise<Result>,
  print: (result: Result, page: TablePage) => string[],
): RecipeExperiment {
  return {
    recipe: recipe as Recipe,
    async measure(model, onProgress) {
      const result = await run(model, onProgress);
      return { result, lines: (page) => print(result, page) };
    },
  };
}
