import { describeValue, type OptionNames, refuse, ValueError } from "@tfblocks/tensor-utils";
import { type LogitBias, logitBias } from "./bias.js";
import { checkedProcessor, type LogitsProcessor } from "./logits-processor.js";
import { minLength, minNewTokens } from "./min-length.js";
import { noRepeatNgram } from "./no-repeat-ngram.js";
import { frequencyPenalty, presencePenalty, repetitionPenalty } from "./penalties.js";

/** What changes the logits before a token is chosen, in the order in which it applies. */
export interface ProcessingOptions {
  /** Added to the logits of tokens, for example `{ 17: -Infinity }`, or of the last ids of sequences; default none. */
  readonly logitBias?: LogitBias | undefined;
  /** Makes tokens of the row, prompt included, less likely if > 1; default 1. */
  readonly repetitionPenalty?: number | undefined;
  /** Subtracted from the logits of tokens that were generated before; default 0. */
  readonly presencePenalty?: number | undefined;
  /** Subtracted for each time that a token was generated before; default 0. */
  readonly frequencyPenalty?: number | undefined;
  /** No sequence of so many ids occurs twice in a row; default none. */
  readonly noRepeatNgram?: number | undefined;
  /** The least number of prompt and new tokens before a stop token; default 0. */
  readonly minLength?: number | undefined;
  /** The least number of new tokens before a stop token; default 0. */
  readonly minNewTokens?: number | undefined;
  /** Processors that apply after those of the options above, and before temperature, topK, topP and minP; default none. */
  readonly processors?: readonly LogitsProcessor[] | undefined;
}

export const processingNames: OptionNames<ProcessingOptions> = {
  logitBias: true,
  repetitionPenalty: true,
  presencePenalty: true,
  frequencyPenalty: true,
  noRepeatNgram: true,
  minLength: true,
  minNewTokens: true,
  processors: true,
};

/** The processors that options stand for, in their order. @throws ValueError when an option is out of range */
export function processorsOf(operation: string, options: ProcessingOptions, stopTokens: readonly number[]): LogitsProcessor[] {
  const { processors = [] } = options;
  const built = [
    of(options.logitBias, logitBias),
    of(options.repetitionPenalty, repetitionPenalty),
    of(options.presencePenalty, presencePenalty),
    of(options.frequencyPenalty, frequencyPenalty),
    of(options.noRepeatNgram, noRepeatNgram),
    of(options.minLength, (length) => minLength(length, stopTokens)),
    of(options.minNewTokens, (count) => minNewTokens(count, stopTokens)),
  ];
  return [...built.filter((each) => each !== undefined), ...checkedProcessors(operation, processors)];
}

/** A processor for a value, if there is one. */
export function of<Value>(value: Value | undefined, build: (value: Value) => LogitsProcessor): LogitsProcessor | undefined {
  return value === undefined ? undefined : build(value);
}

function checkedProcessors(operation: string, processors: readonly LogitsProcessor[]): LogitsProcessor[] {
  if (!Array.isArray(processors)) refuse(ValueError, operation, "processors", "an array of functions", describeValue(processors));
  return processors.map((each: LogitsProcessor, index) => {
    if (typeof each !== "function") refuse(ValueError, operation, `processors[${index}]`, "a function", describeValue(each));
    return checkedProcessor(operation, `processors[${index}]`, each);
  });
}
