import { type MultiHeadAttention, multiHeadAttention } from "@tfblocks/attention";
import { Random } from "@tfblocks/tensor-utils";

/** Sizes and seed of every experiment; the numbers of an experiment depend on them and the text alone. */
export interface LessonSettings {
  /** Width of a token's vector; default 64. */
  readonly dModel?: number;
  /** Number of heads, a divisor of dModel; default 4. */
  readonly numHeads?: number;
  /** Of the embeddings and the weights, an integer >= 0; default 0. */
  readonly seed?: number;
}

/** {@link LessonSettings} with their defaults written out. */
export function withDefaults({ dModel = 64, numHeads = 4, seed = 0 }: LessonSettings): Required<LessonSettings> {
  return { dModel, numHeads, seed };
}

/** An untrained attention block: PyTorch's initial weights, from the seed. The caller disposes it. */
export function lessonAttention(settings: LessonSettings = {}): MultiHeadAttention {
  const { dModel, numHeads, seed } = withDefaults(settings);
  return multiHeadAttention({ dModel, numHeads, random: new Random(seed).split("attention") });
}
