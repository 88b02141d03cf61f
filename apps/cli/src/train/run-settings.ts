import { CommandError } from "@tfblocks/command-line";
import type { TrainCommandOptions } from "./options.js";

/** The settings of a training, which a resumed training keeps. */
export interface RunSettings {
  readonly recipe: string;
  readonly steps: number;
  readonly seed: number;
}

/** The settings of a new training: those of the command line, or the defaults. */
export function newSettings({ recipe, steps = recipe.steps, seed = 0 }: TrainCommandOptions): RunSettings {
  return { recipe: recipe.name, steps, seed };
}

/** The settings of an interrupted training. @throws CommandError if the command line has other settings */
export function resumedSettings(options: TrainCommandOptions, saved: RunSettings): RunSettings {
  checkSame("recipe", options.recipe.name, saved.recipe);
  checkSame("--steps", options.steps, saved.steps);
  checkSame("--seed", options.seed, saved.seed);
  return saved;
}

function checkSame<Value>(name: string, given: Value | undefined, saved: Value): void {
  if (given === undefined || given === saved) return;
  throw new CommandError(
    `${name} must be ${String(saved)}, as in the interrupted training, got ${String(given)}; use --restart to start again`,
  );
}
