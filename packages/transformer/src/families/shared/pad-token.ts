import type { ModelConfig } from "./config-reader.js";

/**
 * transformers refuses a padding token that the vocabulary lacks, also where a config does not name one and it takes the default of the
 * class.
 *
 * @param theirs the default of transformers' class
 */
export function writePadToken(vocabSize: number, theirs: number): ModelConfig {
  return theirs < vocabSize ? {} : { pad_token_id: null };
}
