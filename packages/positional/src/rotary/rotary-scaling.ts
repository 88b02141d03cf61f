/** Divides positions, and so each frequency f, by a factor: f / factor. Chen et al. 2023 (position interpolation). */
export interface LinearScaling {
  readonly type: "linear";
  /** The longest length divided by the trained length; >= 1. */
  readonly factor: number;
}

/**
 * A larger base, theta · factor^(d / (d - 2)): the highest frequency stays, the lowest is divided by factor. "NTK-aware",
 * bloc97 2023.
 */
export interface NtkScaling {
  readonly type: "ntk";
  /** The longest length divided by the trained length; >= 1. */
  readonly factor: number;
}

/**
 * NTK-aware scaling that grows with the sequence: the base is theta up to originalMaxLength, and beyond it
 * theta · (factor · length / originalMaxLength - (factor - 1))^(d / (d - 2)). emozilla 2023.
 *
 * The length is the largest position of the call + 1, whatever the earlier calls were. Hugging Face instead keeps the
 * longest length so far, until a call is short again.
 */
export interface DynamicScaling {
  readonly type: "dynamic";
  /** >= 1. */
  readonly factor: number;
  /** The length of the sequences that the model was trained on. */
  readonly originalMaxLength: number;
}

/**
 * Scales low frequencies linearly, leaves high frequencies as trained, interpolates between them, and multiplies cos
 * and sin by an attention factor. Peng et al. 2023 (YaRN).
 *
 * The attention factor is 0.1 ln(factor) + 1. With both `mscale` and `mscaleAllDim`, as in DeepSeek, it is
 * (0.1 mscale ln(factor) + 1) / (0.1 mscaleAllDim ln(factor) + 1).
 */
export interface YarnScaling {
  readonly type: "yarn";
  /** The longest length divided by the trained length; >= 1. */
  readonly factor: number;
  /** The length of the sequences that the model was trained on. */
  readonly originalMaxLength: number;
  /** Pairs that rotate more often than this within originalMaxLength keep their frequency; default 32. */
  readonly betaFast?: number;
  /** The frequency of pairs that rotate less often than this is divided by factor; default 1. */
  readonly betaSlow?: number;
  /** Multiplies cos and sin; default from `factor`, `mscale` and `mscaleAllDim`. */
  readonly attentionFactor?: number;
  /** Weight of ln(factor) in the numerator of the attention factor; 0 is the same as absent. */
  readonly mscale?: number;
  /** Weight of ln(factor) in the denominator; 0 is the same as absent. */
  readonly mscaleAllDim?: number;
  /** Whether the interpolation starts and ends at whole pairs; default true. */
  readonly truncate?: boolean;
}

/**
 * Scales wavelengths above originalMaxLength / lowFreqFactor linearly, leaves those below originalMaxLength /
 * highFreqFactor as trained, and interpolates smoothly between them. Llama 3.1, 2024.
 */
export interface Llama3Scaling {
  readonly type: "llama3";
  /** >= 1; 8 in Llama 3.1. */
  readonly factor: number;
  /** 1 in Llama 3.1. */
  readonly lowFreqFactor: number;
  /** > lowFreqFactor; 4 in Llama 3.1. */
  readonly highFreqFactor: number;
  /** The length of the sequences that the model was trained on; 8192 in Llama 3.1. */
  readonly originalMaxLength: number;
}

/**
 * Divides the frequency of each pair by its own factor, from one list for sequences up to originalMaxLength and from
 * another for longer ones. Ding et al. 2024.
 *
 * The attention factor is sqrt(1 + ln(factor) / ln(originalMaxLength)), which is 1 for a factor of 1.
 */
export interface LongRopeScaling {
  readonly type: "longrope";
  /** `[rotaryDim / 2]`, for sequences up to originalMaxLength. */
  readonly shortFactor: readonly number[];
  /** `[rotaryDim / 2]`, for longer ones. */
  readonly longFactor: readonly number[];
  /** The length of the sequences that the model was trained on. */
  readonly originalMaxLength: number;
  /** The longest length divided by originalMaxLength, >= 1; required unless attentionFactor is given. */
  readonly factor?: number;
  /** Multiplies cos and sin; default from `factor`. */
  readonly attentionFactor?: number;
}

/** How to change the frequencies of a rotary embedding for sequences longer than those of its training. */
export type RotaryScaling = LinearScaling | NtkScaling | DynamicScaling | YarnScaling | Llama3Scaling | LongRopeScaling;
