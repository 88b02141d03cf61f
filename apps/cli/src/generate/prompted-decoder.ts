import { type Decoder, decoderOf } from "@tfblocks/transformer/generate";
import { type EncoderDecoder, LanguageModel } from "@tfblocks/transformer";
import { families } from "@tfblocks/transformer/models";
import { tensor2d } from "@tensorflow/tfjs-core";
import { CommandError } from "@tfblocks/command-line";
import type { ModelFolder } from "../model/model-folder.js";

/** A decoder with its prompt; the caller disposes it. */
export interface PromptedDecoder {
  readonly decoder: Decoder;
  /** The tokens before the first new one. */
  readonly prompt: readonly number[];
  /** Whether the new tokens continue the prompt. An encoder-decoder answers it instead. */
  readonly continues: boolean;
  dispose(): void;
}

/**
 * Prepares a model to continue or answer a prompt.
 *
 * @throws CommandError if the model does not generate text, or the prompt is empty or too long
 */
export function promptDecoder({ pretrained, startToken }: ModelFolder, ids: readonly number[]): PromptedDecoder {
  const { model, family } = pretrained;
  if (!families[family].generates) {
    throw new CommandError(`--model must be a model that generates text, got ${family}, which fills in masked words`);
  }
  if (ids.length === 0) throw new CommandError("--prompt must have at least one token, got none");
  if (!(model instanceof LanguageModel)) return promptEncoderDecoder(model, ids, startToken);
  if (ids.length > model.maxLength) {
    throw new CommandError(`--prompt must have at most ${model.maxLength} tokens, the context length of the model, got ${ids.length}`);
  }
  return { decoder: model, prompt: ids, continues: true, dispose() {} };
}

function promptEncoderDecoder(model: EncoderDecoder, ids: readonly number[], startToken: number): PromptedDecoder {
  const source = tensor2d([[...ids]], [1, ids.length], "int32");
  try {
    const decoder = decoderOf(model, source);
    return { decoder, prompt: [startToken], continues: false, dispose: () => decoder.dispose() };
  } finally {
    source.dispose();
  }
}
