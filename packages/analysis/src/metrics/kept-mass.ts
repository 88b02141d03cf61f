import { type HeadScore, type HeadScores, liftOver, meanOf, type Scale } from "../maps/row-scores.js";

/** A score that is relative to the attention that an exclusion keeps. */
export interface KeptScore extends HeadScore {
  /**
   * Only with an exclusion: the mean attention of the used rows outside the excluded cells, by which `values` are divided. Where
   * it is small the score describes little attention. Null when no row can be used.
   */
  readonly keptMass?: number | null;
}

/**
 * Divides the values of each head by the mean of its kept mass, and the values of uniform attention by theirs, so that the mean
 * of the values is a ratio of sums. Both scores must have used the same rows; a head without kept mass has no score.
 */
export function relativeToKept(scores: HeadScores, kept: HeadScores, scale: Scale): HeadScores<KeptScore> {
  return { ...scores, perHead: scores.perHead.map((score, index) => relativeScore(score, kept.perHead[index]!, scale)) };
}

function relativeScore(part: HeadScore, kept: HeadScore, scale: Scale): KeptScore {
  if (!kept.score || !kept.nullScore) return { ...withoutRows(part), keptMass: kept.score };
  const values = dividedBy(part.values, kept.score);
  const nullValues = dividedBy(part.nullValues, kept.nullScore);
  const [score, nullScore] = [meanOf(values), meanOf(nullValues)];
  const lift = scale === "fraction" ? liftOver(score, nullScore) : null;
  return { ...part, score, nullScore, lift, values, nullValues, keptMass: kept.score };
}

function dividedBy(values: readonly (number | null)[], mass: number): (number | null)[] {
  return values.map((value) => (value === null ? null : value / mass));
}

function withoutRows({ head, rowsUsed, skippedRows, values }: HeadScore): HeadScore {
  const none = values.map(() => null);
  const skipped = { ...skippedRows, noTarget: skippedRows.noTarget + rowsUsed };
  return { head, score: null, nullScore: null, lift: null, rowsUsed: 0, skippedRows: skipped, values: none, nullValues: none };
}
