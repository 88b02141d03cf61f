import { checkNames, integer, parseOptions, UsageError } from "@tfblocks/command-line";
import { type Recipe, recipeOf, recipes } from "@tfblocks/zoo";

/** The options of the command line. */
export interface QualityOptions {
  readonly chosen: readonly Recipe[];
  /** The folder of a sentence encoder, which is compared instead. */
  readonly encoder: string | undefined;
  readonly groupSize: number;
  readonly threads: number | undefined;
  readonly json: boolean;
}

/** @returns undefined for --help @throws UsageError for an unknown recipe or option, and for an invalid value */
export function parseQualityOptions(args: readonly string[]): QualityOptions | undefined {
  const { values, positionals } = parseOptions(args, {
    encoder: { type: "string" },
    group: { type: "string" },
    threads: { type: "string" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  });
  if (values.help) return undefined;
  const { encoder, group = "32", threads, json } = values;
  if (encoder !== undefined && positionals.length > 0) throw new UsageError("--encoder and recipes exclude each other");
  const known = recipes.map(({ name }) => name);
  checkNames("recipe", positionals, known);
  const groupSize = integer("--group", group, 16, 128);
  if (![16, 32, 64, 128].includes(groupSize)) throw new UsageError(`--group must be 16, 32, 64 or 128, got ${JSON.stringify(group)}`);
  return {
    chosen: positionals.length === 0 ? recipes : positionals.map((name) => recipeOf(name)!),
    encoder,
    groupSize,
    threads: threads === undefined ? undefined : integer("--threads", threads, 1, 64),
    json,
  };
}
