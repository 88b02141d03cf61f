export { inverseFrequencies, type SequenceOptions } from "./rotary/inverse-frequencies.js";
export type { RotaryFrequencies } from "./rotary/plain-frequencies.js";
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
