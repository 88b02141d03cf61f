export type { GenerationContext } from "./generation/context.js";
export { type Decoder } from "./generation/decoder.js";
export { decoderOf, type SourceDecoder } from "./generation/decoder-of.js";
export { generate, type GeneratedStep, type GenerateOptions } from "./generation/generate.js";
export type { StepLogProbs, TokenLogProb } from "./generation/log-probs.js";
export {
  beamSearchOptions,
  type GenerationConfig,
  type GenerationConfigOptions,
  generationOptions,
} from "./generation/generation-config.js";
export { type LogitBias, logitBias, type SequenceBias } from "./generation/processors/bias.js";
export type { LogitsProcessor } from "./generation/processors/logits-processor.js";
export { minLength, minNewTokens } from "./generation/processors/min-length.js";
export { minP, type NarrowOptions, topK, topP } from "./generation/processors/narrow.js";
export { noRepeatNgram } from "./generation/processors/no-repeat-ngram.js";
export { normalize } from "./generation/processors/normalize.js";
export { frequencyPenalty, presencePenalty, repetitionPenalty } from "./generation/processors/penalties.js";
export type { ProcessingOptions } from "./generation/processors/processing-options.js";
export { temperature } from "./generation/processors/temperature.js";
export { PromptCache } from "./generation/prompt-cache.js";
export { beamSearch, type BeamSearchOptions } from "./generation/search/beam-search.js";
export type { BeamSequence } from "./generation/search/beams.js";
export type { SamplingOptions } from "./generation/search/sampling.js";
export type { FinishReason, StopRule } from "./generation/stopping/finish.js";
export { stopStrings, type StopStrings } from "./generation/stopping/stop-strings.js";
export type { StoppingOptions } from "./generation/stopping/stopping-options.js";
