import { checkNames, integer, parseOptions, UsageError } from "@tfblocks/command-line";
import type { LessonSettings } from "@tfblocks/lesson";
import { defaultWith } from "./usage.js";

/** The options of the command line. */
export interface DemoOptions {
  /** The names of the parts to run, in their fixed order. */
  readonly parts: readonly string[];
  /** Undefined if not given. */
  readonly text: string | undefined;
  readonly otherText: string;
  readonly settings: Required<LessonSettings>;
  readonly json: boolean;
  readonly help: boolean;
}

const known = {
  part: { type: "string", multiple: true, default: [] as string[] },
  with: { type: "string", default: defaultWith },
  heads: { type: "string", default: "4" },
  dim: { type: "string", default: "64" },
  seed: { type: "string", default: "0" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** Parses the command line. @throws UsageError for an unknown option or part, and for an invalid value */
export function parseDemoOptions(args: readonly string[], partNames: readonly string[]): DemoOptions {
  const { values, positionals } = parseOptions(args, known);
  const dModel = integer("--dim", values.dim, 2, 512);
  const numHeads = integer("--heads", values.heads, 1, 64);
  if (dModel % numHeads !== 0) throw new UsageError(`--heads must divide --dim = ${dModel}, got ${numHeads}`);
  return {
    parts: chosenParts(values.part, partNames),
    text: positionals.length > 0 ? positionals.join(" ") : undefined,
    otherText: values.with,
    settings: { dModel, numHeads, seed: integer("--seed", values.seed, 0) },
    json: values.json,
    help: values.help,
  };
}

function chosenParts(given: readonly string[], names: readonly string[]): string[] {
  const asked = given.flatMap((value) => value.split(",").map((name) => name.trim()));
  checkNames("part", asked, names);
  return asked.length === 0 ? [...names] : names.filter((name) => asked.includes(name));
}
