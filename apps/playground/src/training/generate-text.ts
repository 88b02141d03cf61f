import { tensor2d } from "@tensorflow/tfjs-core";
import { scope } from "@tfblocks/tensor-utils";
import { EncoderDecoder } from "@tfblocks/transformer";
import { decoderOf, generate, type GeneratedStep } from "@tfblocks/transformer/generate";
import type { ZooModel } from "@tfblocks/zoo";
import type { TrainingPlan } from "./training-plan.js";

const startToken = 0;

/** How a prompt is continued. */
export interface GenerationSettings {
  readonly prompt: string;
  /** 0 takes the likeliest token. */
  readonly temperature: number;
  readonly maxTokens: number;
  readonly seed: number;
}

/** What a model has written. */
export interface GeneratedText {
  readonly text: string;
  /** Tokens of the prompt that are not in the vocabulary. */
  readonly unknownTokens: number;
}

type GenerationPlan = Pick<TrainingPlan, "tokenizer" | "stopToken" | "unknownId">;

/** Continues a prompt, or answers it. @throws Error with a sentence for the reader when the prompt is empty, unknown or too long */
export async function generateText(model: ZooModel, plan: GenerationPlan, settings: GenerationSettings): Promise<GeneratedText> {
  const ids = plan.tokenizer.encode(settings.prompt);
  const text = plan.tokenizer.decode(await continued(model, ids, plan, settings));
  return { text, unknownTokens: ids.filter((id) => id === plan.unknownId).length };
}

async function continued(
  model: ZooModel,
  ids: readonly number[],
  { stopToken }: GenerationPlan,
  settings: GenerationSettings,
): Promise<number[]> {
  if (ids.length === 0) throw new Error("The prompt is empty. Please enter at least one token");
  const options = {
    maxNewTokens: settings.maxTokens,
    stopTokens: stopToken === undefined ? [] : [stopToken],
    temperature: settings.temperature,
    seed: settings.seed,
  };
  if (model instanceof EncoderDecoder) return answer(model, ids, options);
  const maxNewTokens = Math.min(settings.maxTokens, model.maxLength - ids.length);
  if (maxNewTokens < 1) {
    throw new Error(`The prompt has ${ids.length} tokens. The model takes at most ${model.maxLength}: please shorten it`);
  }
  return tokensOf(generate(model, ids, { ...options, maxNewTokens }));
}

async function answer(model: EncoderDecoder, ids: readonly number[], options: Parameters<typeof generate>[2]): Promise<number[]> {
  const source = scope(() => tensor2d([[...ids]], [1, ids.length], "int32"));
  const decoder = decoderOf(model, source);
  try {
    return await tokensOf(generate(decoder, [startToken], options));
  } finally {
    decoder.dispose();
    source.dispose();
  }
}

async function tokensOf(steps: AsyncGenerator<GeneratedStep>): Promise<number[]> {
  const generated: number[] = [];
  for await (const { tokens } of steps) if (tokens[0] !== undefined) generated.push(tokens[0]);
  return generated;
}
