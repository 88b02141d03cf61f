import { checkInteger, checkNumber, checkObject, describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";
import { largestId } from "./check-ids.js";
import type { GenerateOptions } from "./generate.js";
import { refuseUnsupported } from "./generation-config-fields.js";
import type { SequenceBias } from "./processors/bias.js";
import type { LogitsProcessor } from "./processors/logits-processor.js";
import { ruleOut } from "./processors/min-length.js";
import { normalize } from "./processors/normalize.js";
import type { BeamSearchOptions } from "./search/beam-search.js";
import type { StopStrings } from "./stopping/stop-strings.js";

/** A parsed `generation_config.json` of Hugging Face. */
export type GenerationConfig = Readonly<Record<string, unknown>>;

/** What a config cannot give by itself. */
export interface GenerationConfigOptions {
  /** Tells the text of ids, for `stop_strings`. */
  readonly tokenizer?: StopStrings["tokenizer"] | undefined;
}

/** The number that transformers draws among when a config does not say. */
const defaultTopK = 50;

/**
 * The options of `generate` that a `generation_config.json` stands for, with the defaults of transformers 5.23: for example
 * `do_sample: true` without `top_k` draws among the 50 likeliest tokens, and without `do_sample` a temperature has no effect.
 *
 * A config without `max_new_tokens` and `max_length` leaves `maxNewTokens` to `generate`.
 *
 * @example
 * ```ts
 * import { generationOptions } from "@tfblocks/transformer/generate";
 * generationOptions({ do_sample: true, temperature: 0.6, top_p: 0.9, eos_token_id: [2, 32] });
 * // { stopTokens: [2, 32], temperature: 0.6, topK: 50, topP: 0.9 }
 * ```
 *
 * @throws ValueError that names a field with a wrong value, or one that changes the tokens and is not supported
 */
export function generationOptions(config: GenerationConfig, options: GenerationConfigOptions = {}): GenerateOptions {
  const read = readerOf("generationOptions", config);
  if ((read.integer("num_beams", 1) ?? 1) > 1) {
    refuse(ValueError, "generationOptions", "config.num_beams", "1", config["num_beams"], "call beamSearch with beamSearchOptions(config)");
  }
  const sequences = read.integer("num_return_sequences", 1) ?? 1;
  if (sequences > 1) {
    refuse(ValueError, "generationOptions", "config.num_return_sequences", "1", sequences, "pass the prompt several times instead");
  }
  return { ...sharedOptions(read, options), ...samplingOptions(read) };
}

/**
 * The options of `beamSearch` that a `generation_config.json` stands for, with the defaults of transformers 5.23.
 *
 * @throws ValueError as {@link generationOptions}, and when the config draws tokens
 */
export function beamSearchOptions(config: GenerationConfig, options: GenerationConfigOptions = {}): BeamSearchOptions {
  const read = readerOf("beamSearchOptions", config);
  if (read.flag("do_sample")) refuse(ValueError, "beamSearchOptions", "config.do_sample", "false", true, "call generate instead");
  const { processors = [], ...shared } = sharedOptions(read, options);
  const all = read.flag("renormalize_logits") ? [...processors, normalize()] : processors;
  return {
    ...shared,
    ...(all.length > 0 && { processors: all }),
    numBeams: read.integer("num_beams", 1) ?? 1,
    lengthPenalty: read.number("length_penalty") ?? 1,
    earlyStopping: earlyStopping(config),
    numReturnSequences: read.integer("num_return_sequences", 1) ?? 1,
  };
}

/** Reads the fields of a config. A field that is null is absent. */
interface Reader {
  readonly operation: string;
  readonly config: GenerationConfig;
  number(name: string): number | undefined;
  integer(name: string, least: number): number | undefined;
  flag(name: string): boolean;
  /** One id or a list of ids. */
  ids(name: string): number[] | undefined;
}

function readerOf(operation: string, config: GenerationConfig): Reader {
  checkObject(operation, "config", config);
  refuseUnsupported(operation, config);
  const valueOf = (name: string) => config[name] ?? undefined;
  const wrong = (name: string, expected: string): never =>
    refuse(ValueError, operation, `config.${name}`, expected, describeValue(config[name]));
  return {
    operation,
    config,
    number(name) {
      const value = valueOf(name);
      if (value !== undefined) checkNumber(operation, `config.${name}`, "a finite number", value, Number.isFinite);
      return value as number | undefined;
    },
    integer(name, least) {
      const value = valueOf(name);
      if (value !== undefined) checkInteger(operation, `config.${name}`, value, least);
      return value;
    },
    flag(name) {
      const value = valueOf(name) ?? false;
      return typeof value === "boolean" ? value : wrong(name, "true or false");
    },
    ids(name) {
      const value = valueOf(name);
      if (value === undefined) return undefined;
      const ids = [value].flat();
      const nameOf = (at: number) => `config.${name}${Array.isArray(value) ? `[${at}]` : ""}`;
      for (const [at, id] of ids.entries()) checkInteger(operation, nameOf(at), id, 0, largestId);
      return ids as number[];
    },
  };
}

function sharedOptions(read: Reader, { tokenizer }: GenerationConfigOptions): GenerateOptions & BeamSearchOptions {
  const stopTokens = read.ids("eos_token_id");
  const padId = read.number("pad_token_id");
  const processors = processorsOf(read);
  const logitBias = sequenceBiases(read, stopTokens ?? []);
  const strings = stopStringsOf(read, tokenizer);
  return {
    ...lengths(read),
    ...(stopTokens && { stopTokens }),
    ...(strings && { stopStrings: strings }),
    ...(padId !== undefined && padId >= 0 && { padId }), // transformers warns about -1 and pads nonetheless
    ...(logitBias.length > 0 && { logitBias }),
    ...given("repetitionPenalty", read.number("repetition_penalty"), 1),
    ...given("noRepeatNgram", read.integer("no_repeat_ngram_size", 0), 0),
    ...(processors.length > 0 && { processors }),
  };
}

/** `max_new_tokens` and `min_new_tokens` win over lengths that count the prompt. */
function lengths(read: Reader): GenerateOptions {
  const [maxNewTokens, maxLength] = [read.integer("max_new_tokens", 1), read.integer("max_length", 1)];
  const [minNewTokens, minLength] = [read.integer("min_new_tokens", 0), read.integer("min_length", 0)];
  return {
    ...(maxNewTokens === undefined ? given("maxLength", maxLength) : { maxNewTokens }),
    ...(minNewTokens === undefined ? given("minLength", minLength, 0) : given("minNewTokens", minNewTokens, 0)),
  };
}

function samplingOptions(read: Reader): GenerateOptions {
  if (!read.flag("do_sample")) return {};
  const temperature = read.number("temperature") ?? 1;
  checkNumber(read.operation, "config.temperature", "> 0, as do_sample is true", temperature, (value) => value > 0);
  return {
    temperature,
    ...given("topK", read.integer("top_k", 0) ?? defaultTopK, 0),
    ...given("topP", read.number("top_p"), 1),
    ...given("minP", read.number("min_p")),
  };
}

/** An option with its value, unless that changes nothing. */
function given(name: keyof GenerateOptions, value: number | undefined, neutral?: number): GenerateOptions {
  return value === undefined || value === neutral ? {} : { [name]: value };
}

/** The processors that have no option, in the order of transformers. */
function processorsOf(read: Reader): LogitsProcessor[] {
  const forced = read.ids("forced_bos_token_id");
  const suppressed = read.ids("suppress_tokens") ?? [];
  const atStart = read.ids("begin_suppress_tokens");
  const begin = (promptLength: number) => promptLength + (promptLength > 1 || forced === undefined ? 0 : 1);
  const processors: (LogitsProcessor | undefined)[] = [
    forced && ((logits, { ids }) => void (ids.length === 1 && force(logits, forced))),
    suppressed.length > 0 ? (logits) => ruleOut(logits, suppressed) : undefined,
    atStart && ((logits, { ids, promptLength }) => void (ids.length === begin(promptLength) && ruleOut(logits, atStart))),
  ];
  return processors.filter((each) => each !== undefined);
}

function force(logits: Float32Array, tokens: readonly number[]): void {
  logits.fill(-Infinity);
  for (const id of tokens) logits[id] = 0;
}

/** `sequence_bias`, `[[ids, bias], …]`, and `bad_words_ids`, `[ids, …]`, which cannot rule out a stop token alone. */
function sequenceBiases({ operation, config }: Reader, stopTokens: readonly number[]): SequenceBias[] {
  const [biases, words] = [config["sequence_bias"] ?? [], config["bad_words_ids"] ?? []];
  if (!isListOf(biases, (each) => Array.isArray(each) && each.length === 2 && isIds(each[0]) && typeof each[1] === "number")) {
    return refuse(ValueError, operation, "config.sequence_bias", "a list of pairs of ids and bias", describeValue(biases));
  }
  if (!isListOf(words, isIds)) return refuse(ValueError, operation, "config.bad_words_ids", "a list of lists of ids", describeValue(words));
  const bad = (words as number[][]).filter((ids) => ids.length > 1 || !stopTokens.includes(ids[0]!));
  return [...(biases as [number[], number][]).map(([ids, bias]) => ({ ids, bias })), ...bad.map((ids) => ({ ids, bias: -Infinity }))];
}

function isListOf(value: unknown, isRight: (each: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isRight);
}

function isIds(value: unknown): boolean {
  return isListOf(value, (id) => Number.isInteger(id) && (id as number) >= 0) && (value as number[]).length > 0;
}

function stopStringsOf({ operation, config }: Reader, tokenizer: StopStrings["tokenizer"] | undefined): StopStrings | undefined {
  const value = config["stop_strings"] ?? undefined;
  if (value === undefined) return undefined;
  const strings = [value].flat();
  if (!isListOf(strings, (each) => typeof each === "string")) {
    refuse(ValueError, operation, "config.stop_strings", "a string or a list of strings", describeValue(value));
  }
  if (tokenizer === undefined) {
    refuse(ValueError, operation, "tokenizer", "given, as config.stop_strings is", "undefined", "pass { tokenizer }");
  }
  return { strings: strings as string[], tokenizer };
}

function earlyStopping({ early_stopping: value = false }: GenerationConfig): boolean | "never" {
  if (value === null) return false;
  if (typeof value === "boolean" || value === "never") return value;
  return refuse(ValueError, "beamSearchOptions", "config.early_stopping", 'true, false or "never"', describeValue(value));
}
