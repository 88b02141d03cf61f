import {
  beamSearchOptions,
  type BeamSearchOptions,
  type GenerateOptions,
  type GenerationConfig,
  generationOptions,
} from "@tfblocks/transformer/generate";
import { CommandError } from "@tfblocks/command-line";
import type { ModelFolder } from "../model/model-folder.js";
import type { GenerateCommandOptions } from "./options.js";

/** How the output is chosen. */
export type GenerationSettings =
  | { readonly beams: true; readonly options: BeamSearchOptions }
  | { readonly beams: false; readonly options: GenerateOptions };

/**
 * The options of the command line over those of the model.
 *
 * @throws CommandError when the model's `generation_config.json` has a field that is not supported
 */
export function settingsOf({ generationConfig, tokenizer }: ModelFolder, options: GenerateCommandOptions): GenerationSettings {
  const config = merged(options.ignoresGenerationConfig ? stopTokensOf(generationConfig) : generationConfig, options);
  try {
    if (Number(config["num_beams"] ?? 1) > 1) {
      return { beams: true, options: { ...beamSearchOptions(config, { tokenizer }), ...options.penalties } };
    }
    const { seed, logProbs } = options;
    return { beams: false, options: { ...generationOptions(config, { tokenizer }), ...options.penalties, seed, logProbs } };
  } catch (error) {
    const advice = "--ignore-generation-config leaves it out";
    throw new CommandError(`cannot use the generation_config.json of the model: ${(error as Error).message}; ${advice}`, { cause: error });
  }
}

function merged(model: GenerationConfig, { config, stop }: GenerateCommandOptions): GenerationConfig {
  const strings = [...[model["stop_strings"] ?? []].flat(), ...stop];
  // Who samples by --temperature alone samples from all tokens; a model that samples has its top_k, or that of transformers.
  const fromAll = config["do_sample"] === true && model["do_sample"] !== true;
  return { ...(fromAll && { top_k: 0 }), ...model, ...config, stop_strings: strings.length > 0 ? strings : null };
}

/** What ends an output, and nothing else of the settings. */
export function stopTokensOf({ eos_token_id, pad_token_id }: GenerationConfig): GenerationConfig {
  return { eos_token_id, pad_token_id };
}
