export { CharTokenizer, type CharTokenizerOptions } from "./char-tokenizer.js";
export { padBatch, type PaddedBatch, type PadOptions } from "./pad-batch.js";
export { TextDataset, type TextDatasetOptions, tokenBatches, type TokenBatch } from "./text-dataset.js";
export { TextStream } from "./text-stream.js";
export { tokenText } from "./token-text.js";
export type { Tokenizer } from "./tokenizer.js";
export type { ByteLevelBpeJson } from "./tokenizer-json.js";
export { type BpeOptions, type BpeProgress, trainByteLevelBpe } from "./train-byte-level-bpe.js";
