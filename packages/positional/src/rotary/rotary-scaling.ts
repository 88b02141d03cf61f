/** Positions divided by a factor: f / factor. Chen et al. 2023 (position interpolation). */
export interface LinearScaling {
  readonly type: "linear";
  /** How many times longer sequences may become; >= 1. */
  readonly factor: number;
}

/** A larger base, theta · factor^(d / (d - 2)): the fastest pair stays, the slowest is divided by factor. "NTK-aware", bloc97 2023. */
export interface NtkScaling {
  readonly type: "ntk";
  /** How many times longer sequences may become; >= 1. */
  readonly factor: number;
}

/**
 * NTK-aware scaling that grows with the sequence: theta · (factor · length / originalMaxLength - (factor - 1))^(d / (d - 2))
 * once length exceeds originalMaxLength, theta until then. emozilla 2023.
 *
 * The length is that of the call, its largest position + 1: nothing is remembered of longer calls before, where Hugging
 * Face keeps the longest until one is short again.
 */
export interface DynamicScaling {
  readonly type: "dynamic";
  /** >= 1. */
  readonly factor: number;
  /** The length of the sequences that the model was trained on. */
  readonly originalMaxLength: number;
}

/**
 * Slow pairs as linear scaling, fast ones as trained, a ramp between them, and an attention factor. Peng et al. 2023 (YaRN).
 *
 * The attention factor is 0.1 ln(factor) + 1; with both `mscale` and `mscaleAllDim`, as DeepSeek, it is
 * (0.1 mscale ln(factor) + 1) / (0.1 mscaleAllDim ln(factor) + 1).
 */
export interface YarnScaling {
  readonly type: "yarn";
  /** How many times longer sequences may become; >= 1. */
  readonly factor: number;
  /** The length of the sequences that the model was trained on. */
  readonly originalMaxLength: number;
  /** Pairs that turn more often than this in originalMaxLength stay; default 32. */
  readonly betaFast?: number;
  /** Pairs that turn less often than this are divided by factor; default 1. */
  readonly betaSlow?: number;
  /** Factor of cos and sin; default from `factor` and the two `mscale`. */
  readonly attentionFactor?: number;
  /** Weight of ln(factor) above the fraction bar; 0 as if absent. */
  readonly mscale?: number;
  /** Weight of ln(factor) below it; 0 as if absent. */
  readonly mscaleAllDim?: number;
  /** Whether the ramp begins and ends at whole pairs; default true. */
  readonly truncate?: boolean;
}

/**
 * Wavelengths above originalMaxLength / lowFreqFactor as linear scaling, those below originalMaxLength / highFreqFactor
 * as trained, smooth between them. Llama 3.1, 2024.
 */
export interface Llama3Scaling {
  readonly type: "llama3";
  /** >= 1; 8 in Llama 3.1. */
  readonly factor: number;
  /** 1 in Llama 3.1. */
  readonly lowFreqFactor: number;
  /** Above lowFreqFactor; 4 in Llama 3.1. */
  readonly highFreqFactor: number;
  /** The length of the sequences that the model was trained on; 8192 in Llama 3.1. */
  readonly originalMaxLength: number;
}

/**
 * A divisor of its own for each pair: one list until originalMaxLength, another for longer sequences. Ding et al. 2024.
 *
 * The attention factor is sqrt(1 + ln(factor) / ln(originalMaxLength)), 1 for a factor of 1.
 */
export interface LongRopeScaling {
  readonly type: "longrope";
  /** `[rotaryDim / 2]`, for sequences up to originalMaxLength. */
  readonly shortFactor: readonly number[];
  /** `[rotaryDim / 2]`, for longer ones. */
  readonly longFactor: readonly number[];
  /** The length of the sequences that the model was trained on. */
  readonly originalMaxLength: number;
  /** How many times longer sequences may become, >= 1; needed unless attentionFactor is given. */
  readonly factor?: number;
  /** Factor of cos and sin; default from `factor`. */
  readonly attentionFactor?: number;
}

/** How the frequencies of a rotary embedding change for sequences longer than it was trained on. */
export type RotaryScaling = LinearScaling | NtkScaling | DynamicScaling | YarnScaling | Llama3Scaling | LongRopeScaling;
