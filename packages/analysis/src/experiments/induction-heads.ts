import type { Tensor2D } from "@tensorflow/tfjs-core";
import type { LanguageModel } from "@tfblocks/transformer";
import { labelHeads } from "../labels/label-heads.js";
import type { HeadLabelName } from "../labels/rules.js";
import type { AttentionMaps } from "../maps/attention-maps.js";
import { previousTokenMass } from "../metrics/offset-mass.js";
import { prefixMatching } from "../metrics/token-patterns.js";
import { watchAttention } from "../watching/watch-attention.js";
import type { HeadName } from "../models/attention-places.js";
import type { RepeatedTokens } from "./repeated-tokens.js";

/** How a head attends when tokens repeat. */
export interface InductionHead extends HeadName {
  /** Attention to the tokens after earlier copies of the same token, from 0 to 1; uniform attention has `prefixMatchingNull`. */
  readonly prefixMatching: number | null;
  readonly prefixMatchingNull: number | null;
  /** Attention to the previous token, from 0 to 1. */
  readonly previousToken: number | null;
  readonly previousTokenNull: number | null;
  /** Whether the head has the label "induction". */
  readonly isInduction: boolean;
  /** Whether the head has the label "previous token". */
  readonly isPreviousToken: boolean;
}

/** The scores and labels of every head. @param ids int32 `[sequences, length]`, the clean sequences */
export async function inductionHeads(model: LanguageModel, ids: Tensor2D, { clean }: RepeatedTokens): Promise<InductionHead[]> {
  const watched = watchAttention(model, (each) => void each.hidden(ids));
  try {
    const heads: InductionHead[] = [];
    for (const attention of watched.parts) heads.push(...scored(attention, await watched.maps(attention), clean));
    return heads;
  } finally {
    watched.dispose();
  }
}

function scored(attention: string, maps: AttentionMaps, ids: readonly (readonly number[])[]): InductionHead[] {
  const scores = { prefixMatching: prefixMatching(maps, { ids }), previousTokenMass: previousTokenMass(maps) };
  const { perHead } = labelHeads(scores, { ids });
  return perHead.map(({ head, labels }) => {
    const [prefix, previous] = [scores.prefixMatching.perHead[head]!, scores.previousTokenMass.perHead[head]!];
    const has = (name: HeadLabelName): boolean => labels.some(({ label }) => label === name);
    return {
      attention,
      head,
      prefixMatching: prefix.score,
      prefixMatchingNull: prefix.nullScore,
      previousToken: previous.score,
      previousTokenNull: previous.nullScore,
      isInduction: has("induction"),
      isPreviousToken: has("previous token"),
    };
  });
}
