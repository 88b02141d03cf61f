import type { SamplingOptions } from "@tfblocks/transformer/generate";
import { integer, number, parseOptions, UsageError } from "@tfblocks/command-line";

/** The options of the command line. */
export interface GenerateCommandOptions {
  readonly model: string;
  readonly prompt: string;
  readonly maxNewTokens: number;
  readonly sampling: SamplingOptions;
  readonly seed: number;
  readonly attention: string | undefined;
  readonly threads: number | undefined;
  readonly json: boolean;
}

const known = {
  model: { type: "string" },
  prompt: { type: "string" },
  "max-new-tokens": { type: "string", default: "50" },
  temperature: { type: "string", default: "0" },
  "top-k": { type: "string" },
  "top-p": { type: "string" },
  "min-p": { type: "string" },
  seed: { type: "string", default: "0" },
  attention: { type: "string" },
  threads: { type: "string" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

/**
 * Parses the command line.
 *
 * @returns undefined for --help
 * @throws UsageError for an unknown or missing option, and for an invalid value
 */
export function parseGenerateOptions(args: readonly string[]): GenerateCommandOptions | undefined {
  const { values, positionals } = parseOptions(args, known);
  if (values.help) return undefined;
  if (positionals.length > 0) throw new UsageError(`unexpected argument ${JSON.stringify(positionals[0])}; write the text after --prompt`);
  return {
    model: required("--model", "a folder with config.json, tokenizer.json and weights", values.model),
    prompt: required("--prompt", "the text to continue", values.prompt),
    maxNewTokens: integer("--max-new-tokens", values["max-new-tokens"], 1),
    sampling: samplingOf(values),
    seed: integer("--seed", values.seed, 0),
    attention: values.attention === undefined ? undefined : required("--attention", "a file to write", values.attention),
    threads: values.threads === undefined ? undefined : integer("--threads", values.threads, 1, 64),
    json: values.json,
  };
}

type Values = { readonly temperature: string } & { readonly [Name in "top-k" | "top-p" | "min-p"]?: string | undefined };

function samplingOf(values: Values): SamplingOptions {
  const { "top-k": topK, "top-p": topP, "min-p": minP } = values;
  return {
    temperature: number("--temperature", "a number >= 0", values.temperature, (value) => value >= 0),
    ...(topK !== undefined && { topK: integer("--top-k", topK, 1) }),
    ...(topP !== undefined && { topP: number("--top-p", "a number > 0 and <= 1", topP, (value) => value > 0 && value <= 1) }),
    ...(minP !== undefined && { minP: number("--min-p", "a number >= 0 and <= 1", minP, (value) => value >= 0 && value <= 1) }),
  };
}

function required(option: string, expected: string, value: string | undefined): string {
  if (value === undefined) throw new UsageError(`${option} is missing; it must be ${expected}`);
  if (value === "") throw new UsageError(`${option} must be ${expected}, got ""`);
  return value;
}
