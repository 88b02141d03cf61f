import { attentionMaps, effectiveKeys, headDiversity, normalizedEntropy } from "@tfblocks/analysis";
import type { AttentionPicture, PictureNumbers } from "./picture.js";

/** What the numbers are computed from. */
export type WeightsOfPicture = Pick<AttentionPicture, "queryTokens" | "keyTokens" | "heads" | "allowed"> & {
  readonly weights: Float32Array;
};

/** Entropy, effective keys and diversity of the heads; rows with fewer than two allowed keys do not count. */
export function computeNumbers({ queryTokens, keyTokens, heads, allowed, weights }: WeightsOfPicture): PictureNumbers {
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
