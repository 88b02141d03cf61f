import { tensor2d } from "@tensorflow/tfjs-core";
import { scope } from "@tfblocks/tensor-utils";
import { EncoderDecoder } from "@tfblocks/transformer";
import { decoderOf, generate } from "@tfblocks/transformer/generate";
import type { TaskPort } from "../../compute/task.js";
import type { OpenModel } from "../../models/opened-model.js";
import type { GenerationFigures } from "./figures.js";
import { summarize } from "./timing.js";

const mostTokens = 48;
const leastTokens = 8;
/** Tokens between two reports. */
const stride = 8;

/**
 * Lets a model write after a text, always the likeliest token, and times each; undefined after a cancel.
 *
 * @throws Error with a sentence for the reader if the model does not write text
 */
export async function generationOf(opened: OpenModel, text: string, port: TaskPort): Promise<GenerationFigures | undefined> {
  const { info, model, tokenizer, startToken } = opened;
  if (info.predicts !== "the next token") throw new Error(`The model “${info.title}” does not write text, so it has no tokens per second`);
  const ids = tokenizer.encode(text === "" ? info.examples[0].text : text).slice(0, (info.maxLength ?? Infinity) - leastTokens);
  const times =
    model instanceof EncoderDecoder
      ? await timesAfterSource(model, ids, startToken, port)
      : await timesOf(model, ids, info.maxLength, port);
  if (times === undefined) return undefined;
  const [firstToken, ...next] = times as [number, ...number[]];
  const nextToken = summarize(next);
  return {
    title: info.title,
    parameters: info.parameters,
    promptTokens: ids.length,
    newTokens: times.length,
    firstToken,
    nextToken,
    tokensPerSecond: 1000 / nextToken.median,
  };
}

async function timesAfterSource(
  model: EncoderDecoder,
  ids: readonly number[],
  startToken: number,
  port: TaskPort,
): Promise<number[] | undefined> {
  const source = scope(() => tensor2d([[...ids]], [1, ids.length], "int32"));
  const decoder = decoderOf(model, source);
  try {
    return await timesOf(decoder, [startToken], decoder.maxLength, port);
  } finally {
    decoder.dispose();
    source.dispose();
  }
}

/** Milliseconds of each new token; undefined after a cancel. */
async function timesOf(
  decoder: Parameters<typeof generate>[0],
  prompt: readonly number[],
  maxLength: number | null,
  port: TaskPort,
): Promise<number[] | undefined> {
  const maxNewTokens = Math.min(mostTokens, (maxLength ?? Infinity) - prompt.length);
  const times: number[] = [];
  let start = performance.now();
  for await (const _step of generate(decoder, prompt, { maxNewTokens, temperature: 0 })) {
    times.push(performance.now() - start);
    if (times.length % stride === 1 && !(await port.step("Writing with the model", times.length, maxNewTokens))) return undefined;
    start = performance.now();
  }
  return times;
}
