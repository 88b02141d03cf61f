import { integer, parseOptions, UsageError } from "@tfblocks/command-line";

/** The options of the command line. */
export interface AnalyzeOptions {
  readonly model: string;
  readonly text: string;
  /** A second text to compare with. */
  readonly against: string | undefined;
  /** What an encoder-decoder answers; its own output by default. */
  readonly answer: string | undefined;
  readonly out: string;
  /** Whether each head is switched off. */
  readonly ablate: boolean;
  readonly threads: number | undefined;
  readonly json: boolean;
}

const text = { type: "string" } as const;
const flag = { type: "boolean", default: false } as const;

const known = {
  model: text,
  text,
  against: text,
  answer: text,
  out: { type: "string", default: "report.html" },
  ablate: flag,
  threads: text,
  json: flag,
  help: { type: "boolean", short: "h", default: false },
} as const;

/**
 * Parses the command line.
 *
 * @returns undefined for --help
 * @throws UsageError for an unknown or missing option, and for an invalid value
 */
export function parseAnalyzeOptions(args: readonly string[]): AnalyzeOptions | undefined {
  const { values, positionals } = parseOptions(args, known);
  if (values.help) return undefined;
  if (positionals.length > 0) throw new UsageError(`unexpected argument ${JSON.stringify(positionals[0])}; write the text after --text`);
  return {
    model: required("--model", "a folder with config.json, tokenizer.json and weights", values.model),
    text: required("--text", "the text to analyse", values.text),
    against: values.against === undefined ? undefined : required("--against", "a text to compare with", values.against),
    answer: values.answer === undefined ? undefined : required("--answer", "the output to analyse", values.answer),
    out: required("--out", "a file to write", values.out),
    ablate: values.ablate,
    threads: values.threads === undefined ? undefined : integer("--threads", values.threads, 1, 64),
    json: values.json,
  };
}

function required(option: string, expected: string, value: string | undefined): string {
  if (value === undefined) throw new UsageError(`${option} is missing; it must be ${expected}`);
  if (value === "") throw new UsageError(`${option} must be ${expected}, got ""`);
  return value;
}
