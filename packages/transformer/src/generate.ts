export { decoderOf, type SourceDecoder } from "./generation/decoder-of.js";
export { type Decoder, type FinishReason, generate, type GeneratedStep, type GenerateOptions } from "./generation/generate.js";
export type { SamplingOptions } from "./generation/sampling.js";
