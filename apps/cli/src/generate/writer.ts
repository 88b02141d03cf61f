import { type Decoder, decoderOf } from "@tfblocks/transformer/generate";
import { type EncoderDecoder, LanguageModel } from "@tfblocks/transformer";
import { families } from "@tfblocks/transformer/models";
import { tensor2d } from "@tensorflow/tfjs-core";
import { CommandError } from "../command/command-error.js";
import type { ModelFolder } from "./model-folder.js";

/** What generates after a prompt. */
export interface Writer {
  readonly decoder: Decoder;
  /** Ids that are there before the first new one. */
  readonly prompt: readonly number[];
  /** Whether the new tokens continue the prompt's text, rather than answer it. */
  readonly continues: boolean;
  dispose(): void;
}

/**
 * Prepares a model to continue a prompt, or to answer it.
 *
 * @throws CommandError when the model generates nothing, or the prompt does not fit it
 */
export function writerOf({ pretrained, startToken }: ModelFolder, ids: readonly number[]): Writer {
  const { model, family } = pretrained;
  if (!families[family].generates) {
    throw new CommandError(`--model must be one that generates text, got ${family}, which fills in masked words`);
  }
  if (ids.length === 0) throw new CommandError("--prompt must be at least one token long, got none");
  if (!(model instanceof LanguageModel)) return answerer(model, ids, startToken);
  if (ids.length > model.maxLength) {
    throw new CommandError(`--prompt must be at most ${model.maxLength} tokens long, as the model's context is, got ${ids.length}`);
  }
  return { decoder: model, prompt: ids, continues: true, dispose() {} };
}

function answerer(model: EncoderDecoder, ids: readonly number[], startToken: number): Writer {
  const source = tensor2d([[...ids]], [1, ids.length], "int32");
  try {
    const decoder = decoderOf(model, source);
    return { decoder, prompt: [startToken], continues: false, dispose: () => decoder.dispose() };
  } finally {
    source.dispose();
  }
}
