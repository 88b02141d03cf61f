import { attentionMaps, effectiveKeys, headDiversity, normalizedEntropy } from "@tfblocks/analysis";
import type { AttentionPicture, PictureNumbers } from "./picture.js";

/** The part of a picture that the numbers are computed from. */
export type PictureWeights = Pick<AttentionPicture, "queryTokens" | "keyTokens" | "heads" | "allowed"> & {
  readonly weights: Float32Array;
};

/** The entropy, effective keys and diversity of the heads. Rows with fewer than two allowed keys are left out. */
export function computeNumbers({ queryTokens, keyTokens, heads, allowed, weights }: PictureWeights): PictureNumbers {
  const maps = attentionMaps(weights, [1, heads, queryTokens.length, keyTokens.length], {
    mask: { data: allowed, shape: [1, 1, queryTokens.length, keyTokens.length] },
  });
  const entropies = normalizedEntropy(maps).perHead;
  const keys = effectiveKeys(maps).perHead;
  const diversity = headDiversity(maps);
  return {
    perHead: entropies.map(({ score }, head) => ({
      normalizedEntropy: score,
      effectiveKeys: keys[head]!.score,
      difference: diversity.perHead[head]!.score,
    })),
    diversity: diversity.score,
    uniformKeys: keys[0]?.nullScore ?? null,
  };
}
