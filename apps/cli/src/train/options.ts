import { type Recipe, recipes } from "@tfblocks/zoo";
import { checkNames, integer, parseOptions, UsageError } from "@tfblocks/command-line";

/** The options of the command line. */
export interface TrainCommandOptions {
  readonly recipe: Recipe;
  /** Undefined if not given. */
  readonly steps: number | undefined;
  readonly seed: number | undefined;
  readonly out: string | undefined;
  readonly threads: number | undefined;
  /** Whether to continue from the checkpoint. */
  readonly resume: boolean;
  /** Whether to discard the checkpoint. */
  readonly restart: boolean;
  readonly json: boolean;
}

/**
 * Parses the command line.
 *
 * @returns undefined for --help
 * @throws UsageError for an unknown recipe or option, and for an invalid value
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
  if (resume && restart) throw new UsageError("--resume and --restart exclude each other");
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
  const names = recipes.map(({ name }) => name);
  checkNames("recipe", positionals, names);
  if (positionals.length !== 1) throw new UsageError(`expected one recipe, got ${positionals.length}; known recipes: ${names.join(", ")}`);
  return recipes.find(({ name }) => name === positionals[0])!;
}
