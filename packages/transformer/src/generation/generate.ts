import { checkInteger, checkOptions, type OptionNames, Random } from "@tfblocks/tensor-utils";
import { largestId, promptRows } from "./check-ids.js";
import type { GenerationContext } from "./context.js";
import { checkDecoder, type Decoder } from "./decoder.js";
import { DecoderBatch } from "./decoder-batch.js";
import { logProbsOf, type StepLogProbs } from "./log-probs.js";
import { applyProcessors, type LogitsProcessor } from "./processors/logits-processor.js";
import { processingNames, type ProcessingOptions, processorsOf } from "./processors/processing-options.js";
import { checkCacheUse, type PromptCache } from "./prompt-cache.js";
import { type SamplingOptions, samplingNames, samplingOf, type TokenChoice } from "./search/sampling.js";
import { type FinishReason, finishOf, type Limits } from "./stopping/finish.js";
import { checkRoom, limitsOf, stoppingNames, type StoppingOptions } from "./stopping/stopping-options.js";

/** Options of {@link generate}. */
export interface GenerateOptions extends StoppingOptions, ProcessingOptions, SamplingOptions {
  /** The id that pads shorter prompts on the left, where a mask hides it; default 0. */
  readonly padId?: number | undefined;
  /** Seed of the draws; each row has its own source. Default 0. */
  readonly seed?: number | undefined;
  /** Reports the log-probability of each new token and of so many of the likeliest tokens; default undefined, which reports none. */
  readonly logProbs?: number | undefined;
  /** Keys and values of the start of the prompt, for a single prompt. It then holds those of the whole row. Default none. */
  readonly cache?: PromptCache | undefined;
  /** Stops between two tokens and throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

const optionNames: OptionNames<GenerateOptions> = {
  ...stoppingNames,
  ...processingNames,
  ...samplingNames,
  padId: true,
  seed: true,
  logProbs: true,
  cache: true,
  signal: true,
};

/** One step of {@link generate}. */
export interface GeneratedStep {
  /** The new token of each row; undefined for a row that ended earlier. */
  readonly tokens: readonly (number | undefined)[];
  /** The reason for each row that ended with this token, else undefined. */
  readonly finished: readonly (FinishReason | undefined)[];
  /** With the option `logProbs`: those of each row's new token, before any processor. */
  readonly logProbs?: readonly (StepLogProbs | undefined)[];
}

/**
 * Continues prompts token by token. A cache keeps the cost of each token at one position. Yields each step as soon as it is
 * known, and frees everything however the loop ends.
 *
 * Prompts of different lengths run as one batch, padded on the left; each row gets the tokens that it gets alone, and ends
 * when it fills the context itself.
 *
 * Processors change the logits first: those of the options in their order, then temperature, topK, topP and minP.
 *
 * @param prompts ids of one prompt or of several, none of them empty
 * @throws ValueError when an option is unknown or out of range, a prompt is not a list of ids or does not fit the model, the
 *   model does not predict the next token, a processor returns NaN or another length, a logit is NaN or the largest is infinite
 * @throws the signal's reason when it aborts
 */
export async function* generate(
  model: Decoder,
  prompts: readonly number[] | readonly (readonly number[])[],
  options: GenerateOptions = {},
): AsyncGenerator<GeneratedStep, void, void> {
  const { padId, signal, cache, rows: starts, ...plan } = planOf(model, prompts, options);
  const rows = starts.map((prompt, index) => new Row(prompt, index, plan));
  const batch = new DecoderBatch(model, starts, padId, cache);
  try {
    signal?.throwIfAborted();
    let logits = await batch.first(starts);
    for (;;) {
      const steps = rows.map((row, index) => row.advance(logits[index]!));
      yield {
        tokens: steps.map((step) => step?.token),
        finished: steps.map((step) => step?.finished),
        ...(plan.logProbs !== undefined && { logProbs: steps.map((step) => step?.logProbs) }),
      };
      if (rows.every(({ hasEnded }) => hasEnded)) return;
      signal?.throwIfAborted();
      logits = await batch.next(steps.map((step) => step?.token ?? padId));
    }
  } finally {
    batch.dispose();
  }
}

/** How every row is continued. */
interface Plan {
  readonly processors: readonly LogitsProcessor[];
  readonly choose: TokenChoice;
  readonly limits: Limits;
  readonly logProbs: number | undefined;
  readonly seed: number;
}

function planOf(model: Decoder, prompts: readonly number[] | readonly (readonly number[])[], options: GenerateOptions) {
  const { padId = 0, seed = 0, logProbs, cache, signal } = checkOptions("generate", options, optionNames);
  checkInteger("generate", "padId", padId, 0, largestId);
  if (logProbs !== undefined) checkInteger("generate", "logProbs", logProbs, 0);
  const limits = limitsOf("generate", options, model.maxLength);
  const { processors, choose } = samplingOf("generate", options);
  const all = [...processorsOf("generate", options, limits.stopTokens), ...processors];
  const rows = promptRows("generate", prompts);
  checkDecoder("generate", model);
  checkRoom("generate", rows, limits);
  checkCacheUse(cache, model, rows);
  return { padId, signal, cache, rows, processors: all, choose, limits, logProbs, seed };
}

/** A new token of a row. */
interface RowStep {
  readonly token: number;
  readonly finished: FinishReason | undefined;
  readonly logProbs: StepLogProbs | undefined;
}

/** A prompt with the tokens that continue it. */
class Row {
  readonly #ids: number[];
  readonly #context: GenerationContext;
  readonly #plan: Plan;
  readonly #random: Random;
  hasEnded = false;

  constructor(prompt: readonly number[], row: number, plan: Plan) {
    this.#ids = [...prompt];
    this.#context = { ids: this.#ids, promptLength: prompt.length, row };
    this.#plan = plan;
    this.#random = new Random(plan.seed).split(row);
  }

  /** Chooses the next token, unless the row has ended. */
  advance(logits: Float32Array): RowStep | undefined {
    if (this.hasEnded) return undefined;
    const { processors, choose, limits, logProbs: count } = this.#plan;
    const logProbs = count === undefined ? undefined : logProbsOf(logits, count);
    const token = choose(applyProcessors(processors, logits, this.#context), this.#random);
    this.#ids.push(token);
    const finished = finishOf("generate", this.#context, limits);
    this.hasEnded = finished !== undefined;
    return { token, finished, logProbs: logProbs?.(token) };
  }
}
