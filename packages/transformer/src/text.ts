export { TextDataset, type TextDatasetOptions, tokenBatches, type TokenBatch } from "./text/text-dataset.js";
