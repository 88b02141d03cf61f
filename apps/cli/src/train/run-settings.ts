import { CommandError } from "../command/command-error.js";
import type { TrainCommandOptions } from "./options.js";

/** What a training was started with; a resumed one goes on with the same. */
export interface RunSettings {
  readonly recipe: string;
  readonly steps: number;
  readonly seed: number;
}

/** Settings of a new run: the command line's, else the defaults. */
export function newSettings({ recipe, steps = recipe.steps, seed = 0 }: TrainCommandOptions): RunSettings {
  return { recipe: recipe.name, steps, seed };
}

/** Settings of an interrupted run. @throws CommandError when the command line asks for others */
export function resumedSettings(options: TrainCommandOptions, saved: RunSettings): RunSettings {
  check("recipe", options.recipe.name, saved.recipe);
  check("--steps", options.steps, saved.steps);
  check("--seed", options.seed, saved.seed);
  return saved;
}

function check<Value>(name: string, asked: Value | undefined, saved: Value): void {
  if (asked === undefined || asked === saved) return;
  throw new CommandError(
    `${name} must be ${String(saved)}, as the interrupted training began, got ${String(asked)}; --restart instead of --resume begins anew`,
  );
}
