import { type MultiHeadAttention, multiHeadAttention } from "@tfblocks/attention";
import { type Complete, type Defaults, Random, withDefaults } from "@tfblocks/tensor-utils";

/** Sizes and seed of an experiment. Its numbers depend only on them and the text. */
export interface LessonSettings {
  /** Width of the vector of a token; default 64. */
  readonly dModel?: number;
  /** Number of heads, a divisor of dModel; default 4. */
  readonly numHeads?: number;
  /** Seed of the embeddings and the weights, an integer >= 0; default 0. */
  readonly seed?: number;
}

const defaults: Defaults<LessonSettings> = { dModel: 64, numHeads: 4, seed: 0 };

/** Settings with their defaults. @throws ValueError when a name is unknown */
export function resolveSettings(operation: string, settings: LessonSettings): Complete<LessonSettings> {
  return withDefaults(operation, settings, defaults);
}

/**
 * An untrained attention block with PyTorch's initial weights; the caller disposes it.
 *
 * @throws ValueError when a name is unknown
 */
export function lessonAttention(settings: LessonSettings = {}): MultiHeadAttention {
  const { dModel, numHeads, seed } = resolveSettings("lessonAttention", settings);
  return multiHeadAttention({ dModel, numHeads, random: new Random(seed).split("attention") });
}
