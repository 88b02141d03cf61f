import { parseArgs } from "node:util";
import type { LessonSettings } from "@tfblocks/lesson";
import { defaultWith } from "./usage.js";

/** What the command line asks for. */
export interface DemoOptions {
  /** Names of the parts to run, in the order they are told. */
  readonly parts: readonly string[];
  /** Undefined where the command line has none. */
  readonly text: string | undefined;
  readonly otherText: string;
  readonly settings: Required<LessonSettings>;
  readonly json: boolean;
  readonly help: boolean;
}

/** The command line is wrong; the message is one sentence. */
export class UsageError extends Error {}

/** @throws UsageError for an unknown option or part, and for a number out of its range */
export function parseOptions(args: readonly string[], partNames: readonly string[]): DemoOptions {
  const { values, positionals } = parse(args);
  const dModel = integer("--dim", values.dim, 2, 512);
  const numHeads = integer("--heads", values.heads, 1, 64);
  if (dModel % numHeads !== 0) throw new UsageError(`--heads must divide --dim = ${dModel}, got ${numHeads}`);
  return {
    parts: chosenParts(values.part, partNames),
    text: positionals.length > 0 ? positionals.join(" ") : undefined,
    otherText: values.with,
    settings: { dModel, numHeads, seed: integer("--seed", values.seed, 0, Number.MAX_SAFE_INTEGER) },
    json: values.json,
    help: values.help,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        part: { type: "string", multiple: true, default: [] },
        with: { type: "string", default: defaultWith },
        heads: { type: "string", default: "4" },
        dim: { type: "string", default: "64" },
        seed: { type: "string", default: "0" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (error) {
    throw new UsageError(firstSentence((error as Error).message), { cause: error });
  }
}

function firstSentence(message: string): string {
  const ambiguous = /^Option '([^' ]+)' argument is ambiguous/.exec(message);
  if (ambiguous) return `option '${ambiguous[1]}' needs a value, written ${ambiguous[1]}=VALUE where it begins with a dash`;
  const sentence = message.split(/\.\s|\n/)[0]!.replace(/\.$/, "");
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

function integer(option: string, text: string, min: number, max: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= min && value <= max) return value;
  throw new UsageError(`${option} must be an integer from ${min} to ${max}, got ${JSON.stringify(text)}`);
}

function chosenParts(given: readonly string[], names: readonly string[]): string[] {
  const asked = given.flatMap((value) => value.split(",").map((name) => name.trim()));
  const unknown = asked.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new UsageError(`--part must be one of ${names.join(", ")}, got ${JSON.stringify(unknown)}`);
  return asked.length === 0 ? [...names] : names.filter((name) => asked.includes(name));
}
