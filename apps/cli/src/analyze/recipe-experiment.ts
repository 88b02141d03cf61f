import { setImmediate } from "node:timers/promises";
import { type CommandContext, CommandError } from "@tfblocks/command-line";
import { LanguageModel } from "@tfblocks/transformer";
import type { Recipe } from "@tfblocks/zoo";
import type { ModelFolder } from "../model/model-folder.js";
import type { Measured, RecipeExperiment } from "./experiments.js";
import type { ExperimentOptions } from "./options.js";
import { StageLine } from "./stage-line.js";

/** Runs the experiment of a recipe on a trained model, and prints what it measured. */
export async function reportExperiment(folder: ModelFolder, options: ExperimentOptions, context: CommandContext): Promise<void> {
  const { experiment, model: path, json } = options;
  const { recipe } = experiment;
  const measured = await measure(experiment, modelOf(recipe, folder, path), context);
  const lines = (): string[] => [`${recipe.title}: ${path}`, ...measured.lines({ columns: context.stdout.columns ?? Infinity })];
  context.stdout.write(json ? `${JSON.stringify({ recipe: recipe.name, ...measured.result }, null, 2)}\n` : `${lines().join("\n")}\n`);
}

async function measure(experiment: RecipeExperiment, model: LanguageModel, { stderr, signal }: CommandContext): Promise<Measured> {
  const line = new StageLine(stderr);
  try {
    return await experiment.measure(model, async (stage, done, total) => {
      line.show(stage, done, total);
      await setImmediate(); // lets Ctrl-C arrive
      signal.throwIfAborted();
    });
  } finally {
    line.clear();
  }
}

/** @throws CommandError when the model is of another kind than the recipe's */
function modelOf({ name, tokenizer }: Recipe, { pretrained: { model } }: ModelFolder, path: string): LanguageModel {
  const { vocabSize } = tokenizer;
  if (model instanceof LanguageModel && model.vocabSize === vocabSize) return model;
  const got = model instanceof LanguageModel ? `one with ${model.vocabSize} tokens` : "an encoder-decoder";
  throw new CommandError(`--recipe ${name} needs a language model with the recipe's ${vocabSize} tokens, got ${got} in ${path}`);
}
