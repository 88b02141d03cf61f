import type { EncoderDecoder } from "../blocks/encoder-decoder.js";
import type { LanguageModel } from "../blocks/language-model.js";
import type { ConfigReader, ModelConfig } from "./config-reader.js";

/** One family of models: how its sizes stand in a `config.json`, and how it is built. */
export interface Architecture<Sizes, Model extends LanguageModel | EncoderDecoder> {
  /** @throws ValueError that names the first value that is missing or wrong */
  readonly read: (config: ConfigReader) => Sizes;
  /** Every value that `read` reads, and what Hugging Face's classes ask for. */
  readonly write: (sizes: Sizes) => ModelConfig;
  readonly build: (sizes: Sizes) => Model;
}
