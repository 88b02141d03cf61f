export { CharTokenizer, type CharTokenizerOptions } from "./text/char-tokenizer.js";
export { padBatch, type PaddedBatch, type PadOptions } from "./text/pad-batch.js";
export { TextDataset, type TextDatasetOptions, tokenBatches, type TokenBatch } from "./text/text-dataset.js";
export { TextStream } from "./text/text-stream.js";
export type { Tokenizer } from "./text/tokenizer.js";
export type { ByteLevelBpeJson } from "./text/tokenizer-json.js";
export { type BpeOptions, type BpeProgress, trainByteLevelBpe } from "./text/train-byte-level-bpe.js";
