import type { EncoderDecoder } from "../blocks/encoder-decoder.js";
import type { LanguageModel } from "../blocks/language-model.js";
import type { ConfigReader, ModelConfig } from "./config-reader.js";

/** One family of models: how its sizes stand in a `config.json`, and how it is built. */
export interface Architecture<Sizes, Model extends LanguageModel | EncoderDecoder> {
  /**
   * @param names of the weights' tensors, which say better than a config what a model has beside its layers
   * @throws ValueError that names the first value that is missing or wrong
   */
  readonly read: (config: ConfigReader, names?: ReadonlySet<string>) => Sizes;
  /** Every value that `read` reads, and what Hugging Face's classes ask for. */
  readonly write: (sizes: Sizes) => ModelConfig;
  readonly build: (sizes: Sizes) => Model;
}
