export { embedTokens, type EmbeddingOptions } from "./embed-tokens.js";
export { maxCharacters, maxTokens, tokenize } from "./tokenize.js";
