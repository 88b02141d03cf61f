import { tensor2d } from "@tensorflow/tfjs-core";
import { scope } from "@tfblocks/tensor-utils";
import { EncoderDecoder } from "@tfblocks/transformer";
import { decoderOf, generate } from "@tfblocks/transformer/generate";
import type { Recipe, ZooModel } from "@tfblocks/zoo";

const maxTokens = 24;
const startToken = 0;

/** Continues or answers a prompt, always with the most likely token. */
export async function completePrompt(model: ZooModel, { tokenizer, stopToken }: Recipe, prompt: string): Promise<string> {
  const ids = tokenizer.encode(prompt);
  if (ids.length === 0) throw new Error("Please enter a prompt with at least one token");
  const stopTokens = stopToken === undefined ? [] : [stopToken];
  if (!(model instanceof EncoderDecoder)) {
    const maxNewTokens = Math.min(maxTokens, model.maxLength - ids.length);
    if (maxNewTokens < 1) throw new Error(`Please enter a prompt of fewer than ${model.maxLength} tokens. This one has ${ids.length}`);
    return tokenizer.decode(await tokensOf(generate(model, ids, { maxNewTokens, stopTokens, temperature: 0 })));
  }
  const source = scope(() => tensor2d([ids], [1, ids.length], "int32"));
  const decoder = decoderOf(model, source);
  try {
    return tokenizer.decode(await tokensOf(generate(decoder, [startToken], { maxNewTokens: maxTokens, stopTokens, temperature: 0 })));
  } finally {
    decoder.dispose();
    source.dispose();
  }
}

async function tokensOf(steps: ReturnType<typeof generate>): Promise<number[]> {
  const generated: number[] = [];
  for await (const { tokens } of steps) if (tokens[0] !== undefined) generated.push(tokens[0]);
  return generated;
}
