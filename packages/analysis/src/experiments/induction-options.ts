import { checkInteger, checkOptions, describeValue, type OptionNames, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { LanguageModel } from "@tfblocks/transformer";
import { drawRepeated, type RepeatedTokens } from "./repeated-tokens.js";

/** Options of `inductionTest`. */
export interface InductionTestOptions {
  /** The token ids to draw from; default the whole vocabulary. Leave out special tokens. */
  readonly vocabulary?: readonly number[];
  /** Ids before the sequence, for example the start token; default none. */
  readonly prefix?: readonly number[];
  /** How many different tokens are repeated; default 25, less where the model is too short for all copies or the vocabulary is smaller. */
  readonly period?: number;
  /** How often they occur; default 2. Olsson et al. take 4. */
  readonly copies?: number;
  /** How many sequences are drawn; default 8. */
  readonly sequences?: number;
  /** Default 0. */
  readonly seed?: number;
  /** How many sets of random heads are ablated; default 8. If there are fewer sets, each is ablated once. */
  readonly draws?: number;
}

const optionNames: OptionNames<InductionTestOptions> = {
  vocabulary: true,
  prefix: true,
  period: true,
  copies: true,
  sequences: true,
  seed: true,
  draws: true,
};

/** What `inductionTest` needs of its options. */
export interface InductionPlan {
  readonly tokens: RepeatedTokens;
  readonly seed: number;
  readonly draws: number;
}

const operation = "inductionTest";

/** @throws ValueError as `inductionTest` */
export function planOf(model: LanguageModel, options: InductionTestOptions): InductionPlan {
  const { prefix = [], copies = 2, sequences = 8, seed = 0, draws = 8, ...rest } = checkOptions(operation, options, optionNames);
  if (!model.isCausal) refuse(ValueError, operation, "model", "causal: it has to predict the next token", "one that is not");
  checkInteger(operation, "copies", copies, 2);
  checkInteger(operation, "draws", draws, 0);
  checkInteger(operation, "seed", seed, 0);
  const { vocabulary = [...Array(model.vocabSize).keys()] } = rest;
  for (const id of vocabulary) checkInteger(operation, "vocabulary", id, 0, model.vocabSize - 1);
  for (const id of prefix) checkInteger(operation, "prefix", id, 0, model.vocabSize - 1);
  const different = new Set(vocabulary).size;
  if (different < 2) refuse(ValueError, operation, "vocabulary", "at least two different tokens", describeValue(different));
  const longest = longestPeriod(model, prefix.length, copies);
  const { period = Math.min(25, longest, new Set(vocabulary).size) } = rest;
  checkInteger(operation, "period", period, 2);
  if (period > longest) {
    refuse(ValueError, operation, "period", `at most ${longest}, so that ${copies} copies fit into the model`, describeValue(period));
  }
  return { tokens: drawRepeated(operation, { vocabulary, prefix, period, copies, sequences, seed }), seed, draws };
}

function longestPeriod({ maxLength }: LanguageModel, prefix: number, copies: number): number {
  const longest = Math.floor((maxLength - prefix) / copies);
  if (longest >= 2) return longest;
  return refuse(
    ValueError,
    operation,
    "model",
    `of at least ${prefix + 2 * copies} positions, for ${copies} copies of two tokens`,
    maxLength,
  );
}
