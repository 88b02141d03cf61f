import { nextFrame, type Tensor } from "@tensorflow/tfjs-core";
import type { Mask } from "@tfblocks/masks";
import { checkInteger, checkOptions, type OptionNames, Random, scope } from "@tfblocks/tensor-utils";
import type { ModelCache } from "../blocks/model-cache.js";
import { checkStopTokens, largestId, promptRows } from "./check-ids.js";
import { LeftPaddedPrompts, type StepInput } from "./left-padded-prompts.js";
import { nextToken, resolveSampling, samplingNames, type SamplingOptions } from "./sampling.js";

/** What `generate` needs of a model. A `LanguageModel` is a decoder; `decoderOf` makes one of an `EncoderDecoder`. */
export interface Decoder {
  readonly maxLength: number;
  createCache(): ModelCache;
  apply(
    ids: Tensor,
    options: { cache: ModelCache; lastOnly: true; mask?: Mask | undefined; positions?: Tensor | undefined },
  ): { readonly logits: Tensor };
}

/** Options of {@link generate}. */
export interface GenerateOptions extends SamplingOptions {
  /** The largest number of tokens to generate; default 50. */
  readonly maxNewTokens?: number;
  /** Tokens that end a row; they are yielded too. Default none. */
  readonly stopTokens?: readonly number[];
  /** The id that pads shorter prompts on the left, where a mask hides it; default 0. */
  readonly padId?: number;
  /** Seed of the draws; each row has its own source. Default 0. */
  readonly seed?: number;
  /** Stops between two tokens and throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

const optionNames: OptionNames<GenerateOptions> = {
  ...samplingNames,
  maxNewTokens: true,
  stopTokens: true,
  padId: true,
  seed: true,
  signal: true,
};

/** Why a row ended: at a stop token, after `maxNewTokens`, or because the context is full. */
export type FinishReason = "stop" | "length" | "context";

/** One step of {@link generate}. */
export interface GeneratedStep {
  /** The new token of each row; undefined for a row that ended earlier. */
  readonly tokens: readonly (number | undefined)[];
  /** The reason for each row that ended with this token, else undefined. */
  readonly finished: readonly (FinishReason | undefined)[];
}

/**
 * Continues prompts token by token. A cache keeps the cost of each token at one position. Yields each step as soon as it is
 * known, and frees everything however the loop ends.
 *
 * Prompts of different lengths run as one batch, padded on the left; each row gets the tokens that it gets alone.
 *
 * @param prompts ids of one prompt or of several, none of them empty
 * @throws ValueError when an option is unknown or out of range, a prompt is not a list of ids, the longest prompt does not fit the
 *   model, a logit is NaN or the largest logit is infinite
 * @throws the signal's reason when it aborts
 */
export async function* generate(
  model: Decoder,
  prompts: readonly number[] | readonly (readonly number[])[],
  options: GenerateOptions = {},
): AsyncGenerator<GeneratedStep, void, void> {
  const { maxNewTokens = 50, stopTokens = [], padId = 0, seed = 0, signal } = checkOptions("generate", options, optionNames);
  checkInteger("generate", "maxNewTokens", maxNewTokens, 1);
  checkInteger("generate", "padId", padId, 0, largestId);
  checkStopTokens(stopTokens);
  const resolved = resolveSampling("generate", options);
  const batch = new LeftPaddedPrompts(promptRows(prompts), padId);
  const source = new Random(seed);
  const randoms = batch.rows.map((_, row) => source.split(row));
  const texts = batch.rows.map((row) => [...row]);
  const ended = batch.rows.map(() => false);
  const cache = model.createCache();
  try {
    let last: readonly number[] | undefined;
    for (let step = 1; ; step++) {
      signal?.throwIfAborted();
      const input = last === undefined ? batch.first() : batch.next(last);
      const logits = await rowsOfLogits(model, input, cache);
      const tokens = logits.map((row, index) => (ended[index] ? undefined : nextToken(row, texts[index]!, randoms[index]!, resolved)));
      const isFull = cache.length >= model.maxLength;
      const finished = tokens.map((token) => finishOf(token, stopTokens, step === maxNewTokens, isFull));
      for (const [index, token] of tokens.entries()) {
        if (token !== undefined) texts[index]!.push(token);
        ended[index] ||= finished[index] !== undefined;
      }
      yield { tokens, finished };
      if (ended.every(Boolean)) return;
      last = tokens.map((token) => token ?? padId);
    }
  } finally {
    cache.dispose();
  }
}

function finishOf(token: number | undefined, stops: readonly number[], isLast: boolean, isFull: boolean): FinishReason | undefined {
  if (token === undefined) return undefined;
  if (stops.includes(token)) return "stop";
  if (isLast) return "length";
  return isFull ? "context" : undefined;
}

/** The logits of each row's last position; the input's tensors are freed. */
async function rowsOfLogits(model: Decoder, { ids, positions, mask }: StepInput, cache: ModelCache): Promise<Float32Array[]> {
  let logits: Tensor | undefined;
  try {
    logits = scope(() => model.apply(ids, { cache, mask, positions, lastOnly: true }).logits);
    await nextFrame();
    const values = (await logits.data()) as Float32Array;
    const [batch, , vocabSize] = logits.shape as [number, number, number];
    return Array.from({ length: batch }, (_, row) => values.slice(row * vocabSize, (row + 1) * vocabSize));
  } finally {
    ids.dispose();
    positions?.dispose();
    logits?.dispose();
  }
}
