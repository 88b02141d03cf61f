import type { GenerationConfig } from "@tfblocks/transformer/generate";
import { integer, number, parseOptions, UsageError } from "@tfblocks/command-line";

/** The options of the command line. */
export interface GenerateCommandOptions {
  readonly model: string;
  /** Undefined where --chat reads messages from standard input. */
  readonly prompt: string | undefined;
  /** A conversation by the chat template of the model, or undefined for plain text. */
  readonly chat: { readonly system: string | undefined } | undefined;
  /** Fields that replace those of `generation_config.json`. */
  readonly config: GenerationConfig;
  /** Strings that end the output, in addition to those of the model. */
  readonly stop: readonly string[];
  /** What `generation_config.json` does not know. */
  readonly penalties: { readonly presencePenalty?: number; readonly frequencyPenalty?: number };
  readonly ignoresGenerationConfig: boolean;
  readonly seed: number;
  readonly logProbs: number | undefined;
  readonly cache: string | undefined;
  readonly attention: string | undefined;
  readonly threads: number | undefined;
  readonly json: boolean;
}

const text = { type: "string" } as const;

const known = {
  model: text,
  prompt: text,
  chat: { type: "boolean", default: false },
  system: text,
  "max-new-tokens": text,
  "min-new-tokens": text,
  stop: { type: "string", multiple: true, default: [] as string[] },
  temperature: text,
  "top-k": text,
  "top-p": text,
  "min-p": text,
  seed: { type: "string", default: "0" },
  "repetition-penalty": text,
  "presence-penalty": text,
  "frequency-penalty": text,
  "no-repeat-ngram": text,
  beams: text,
  "length-penalty": text,
  "log-probs": text,
  cache: text,
  "ignore-generation-config": { type: "boolean", default: false },
  attention: text,
  threads: text,
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

type Values = ReturnType<typeof parseOptions<typeof known>>["values"];

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
  if (values.stop.includes("")) throw new UsageError('--stop must be a text that is not empty, got ""');
  refuseTogether(values);
  checkChat(values);
  return {
    model: required("--model", "a folder with config.json, tokenizer.json and weights", values.model),
    prompt: values.chat && values.prompt === undefined ? undefined : required("--prompt", "the text to continue", values.prompt),
    chat: values.chat ? { system: values.system } : undefined,
    config: { ...lengthsOf(values), ...samplingOf(values), ...penaltiesOf(values), ...beamsOf(values) },
    stop: values.stop,
    penalties: otherPenaltiesOf(values),
    ignoresGenerationConfig: values["ignore-generation-config"],
    seed: integer("--seed", values.seed, 0),
    logProbs: when(values["log-probs"], (value) => integer("--log-probs", value, 0)),
    cache: when(values.cache, (value) => required("--cache", "a file to read and write", value)),
    attention: when(values.attention, (value) => required("--attention", "a file to write", value)),
    threads: when(values.threads, (value) => integer("--threads", value, 1, 64)),
    json: values.json,
  };
}

function lengthsOf(values: Values): GenerationConfig {
  return given({
    max_new_tokens: when(values["max-new-tokens"], (value) => integer("--max-new-tokens", value, 1)),
    min_new_tokens: when(values["min-new-tokens"], (value) => integer("--min-new-tokens", value, 0)),
  });
}

function samplingOf(values: Values): GenerationConfig {
  const temperature = when(values.temperature, (value) => number("--temperature", "a number >= 0", value, (each) => each >= 0));
  return given({
    do_sample: when(temperature, (value) => value > 0),
    temperature: temperature === 0 ? undefined : temperature,
    top_k: when(values["top-k"], (value) => integer("--top-k", value, 1)),
    top_p: when(values["top-p"], (value) => number("--top-p", "a number > 0 and <= 1", value, (each) => each > 0 && each <= 1)),
    min_p: when(values["min-p"], (value) => number("--min-p", "a number >= 0 and <= 1", value, (each) => each >= 0 && each <= 1)),
  });
}

function penaltiesOf(values: Values): GenerationConfig {
  return given({
    repetition_penalty: when(values["repetition-penalty"], (value) =>
      number("--repetition-penalty", "a number > 0", value, (each) => each > 0),
    ),
    no_repeat_ngram_size: when(values["no-repeat-ngram"], (value) => integer("--no-repeat-ngram", value, 1)),
  });
}

function otherPenaltiesOf(values: Values): GenerateCommandOptions["penalties"] {
  return given({
    presencePenalty: when(values["presence-penalty"], (value) => number("--presence-penalty", "a number", value, () => true)),
    frequencyPenalty: when(values["frequency-penalty"], (value) => number("--frequency-penalty", "a number", value, () => true)),
  });
}

function beamsOf(values: Values): GenerationConfig {
  return given({
    num_beams: when(values.beams, (value) => integer("--beams", value, 1)),
    length_penalty: when(values["length-penalty"], (value) => number("--length-penalty", "a number", value, () => true)),
    do_sample: values.beams === undefined ? undefined : false,
  });
}

/** @throws UsageError for options of draws and caches beside --beams */
function refuseTogether(values: Values): void {
  if (values.beams === undefined) return;
  const others = ["temperature", "top-k", "top-p", "min-p", "log-probs", "cache"] as const;
  const other = others.find((name) => values[name] !== undefined);
  if (other !== undefined) throw new UsageError(`--${other} cannot be used with --beams`);
}

/** @throws UsageError for options of one answer in a conversation, and for --system without --chat */
function checkChat({ chat, system, prompt, json, attention }: Values): void {
  if (!chat && system !== undefined) throw new UsageError("--system needs --chat");
  if (!chat || prompt !== undefined) return;
  const single = json ? "--json" : attention === undefined ? undefined : "--attention";
  if (single !== undefined) throw new UsageError(`${single} needs --prompt; without it, --chat reads several messages`);
}

function when<Value, Result>(value: Value | undefined, read: (value: Value) => Result): Result | undefined {
  return value === undefined ? undefined : read(value);
}

/** The fields that are set. */
function given<Fields extends object>(fields: Fields): { [Name in keyof Fields]?: NonNullable<Fields[Name]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as ReturnType<typeof given<Fields>>;
}

function required(option: string, expected: string, value: string | undefined): string {
  if (value === undefined) throw new UsageError(`${option} is missing; it must be ${expected}`);
  if (value === "") throw new UsageError(`${option} must be ${expected}, got ""`);
  return value;
}
