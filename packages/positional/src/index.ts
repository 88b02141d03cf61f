export { alibiBias, type AlibiOptions, alibiSlopes } from "./alibi.js";
export { LearnedPositions, type LearnedPositionsSizes } from "./learned-positions.js";
export type { PositionRange } from "./position-range.js";
export { RelativePositionBias, type RelativePositionBiasSizes } from "./relative-position-bias.js";
export { type BucketSizes, relativePositionBucket } from "./relative-position-bucket.js";
export { inverseFrequencies, type SequenceOptions } from "./rotary/inverse-frequencies.js";
export type { RotaryFrequencies } from "./rotary/unscaled-frequencies.js";
export { type RotaryAngles, rotaryAngles } from "./rotary/rotary-angles.js";
export type { ResolvedRotaryConfig, RotaryConfig } from "./rotary/rotary-config.js";
export { RotaryEmbedding, type RotaryOptions } from "./rotary/rotary-embedding.js";
export type {
  DynamicScaling,
  LinearScaling,
  Llama3Scaling,
  LongRopeScaling,
  NtkScaling,
  RotaryScaling,
  YarnScaling,
} from "./rotary/rotary-scaling.js";
export { sinusoidal, type SinusoidalLayout, type SinusoidalOptions } from "./sinusoidal.js";
