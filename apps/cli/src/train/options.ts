import { type Recipe, recipes } from "@tfblocks/zoo";
import { UsageError } from "../command/command-error.js";
import { integer, parseOptions } from "../command/options.js";

/** What the command line of the training asks for. */
export interface TrainCommandOptions {
  readonly recipe: Recipe;
  /** Undefined where the command line does not say. */
  readonly steps: number | undefined;
  readonly seed: number | undefined;
  readonly out: string | undefined;
  readonly threads: number | undefined;
  /** Whether to go on from a checkpoint, or to throw it away. */
  readonly resume: boolean;
  readonly restart: boolean;
  readonly json: boolean;
}

/**
 * @returns undefined when help was asked for
 * @throws UsageError for an unknown recipe or option, and for a number out of its range
 */
export function parseTrainOptions(args: readonly string[]): TrainCommandOptions | undefined {
  const { values, positionals } = parseOptions(args, {
    steps: { type: "string" },
    seed: { type: "string" },
    out: { type: "string" },
    threads: { type: "string" },
    resume: { type: "boolean", default: false },
    restart: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  });
  if (values.help) return undefined;
  const { steps, seed, out, threads, resume, restart, json } = values;
  if (out === "") throw new UsageError('--out must be a folder, got ""');
  if (resume && restart) throw new UsageError("--resume or --restart can be given, not both");
  return {
    recipe: chosenRecipe(positionals),
    steps: steps === undefined ? undefined : integer("--steps", steps, 1, 10_000_000),
    seed: seed === undefined ? undefined : integer("--seed", seed, 0),
    threads: threads === undefined ? undefined : integer("--threads", threads, 1, 64),
    out,
    resume,
    restart,
    json,
  };
}

function chosenRecipe(positionals: readonly string[]): Recipe {
  const names = recipes.map(({ name }) => name).join(", ");
  if (positionals.length !== 1) throw new UsageError(`one recipe must be named, one of ${names}, got ${positionals.length}`);
  const found = recipes.find(({ name }) => name === positionals[0]);
  if (found === undefined) throw new UsageError(`the recipe must be one of ${names}, got ${JSON.stringify(positionals[0])}`);
  return found;
}
