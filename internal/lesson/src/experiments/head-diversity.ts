import {
  firstTokenMass,
  headDiversity,
  type HeadScores,
  normalizedEntropy,
  previousTokenMass,
  readAttention,
  selfMass,
} from "@tfblocks/analysis";
import { type Check, checkAbove, skippedCheck } from "../check.js";
import { embedTokens } from "../embed-tokens.js";
import { lessonAttention, type LessonSettings, resolveSettings } from "../lesson-attention.js";

/** A metric of one head, and of uniform attention; null where it is undefined. */
export interface Measured {
  readonly score: number | null;
  readonly nullScore: number | null;
}

/** The metrics of one head. */
export interface HeadProfile {
  readonly head: number;
  readonly normalizedEntropy: Measured;
  readonly previousToken: Measured;
  readonly firstToken: Measured;
  readonly self: Measured;
  /** Mean distance to the other heads. */
  readonly diversity: Measured;
}

/** The result of {@link compareHeads}. */
export interface DiversityExperiment {
  readonly heads: readonly HeadProfile[];
  /** Mean distance over pairs of heads, from 0 (all alike) to 1 (no key in common); null with one head or one token. */
  readonly diversity: number | null;
  /** `[heads][heads]` */
  readonly distances: readonly (readonly (number | null)[])[];
  readonly checks: readonly Check[];
}

/** Compares the heads of one self-attention: their metrics and their Jensen-Shannon distances. */
export async function compareHeads(tokens: readonly string[], settings: LessonSettings = {}): Promise<DiversityExperiment> {
  const maps = await mapsOf(tokens, settings);
  const compared = headDiversity(maps);
  const metrics = {
    normalizedEntropy: normalizedEntropy(maps),
    previousToken: previousTokenMass(maps),
    firstToken: firstTokenMass(maps),
    self: selfMass(maps),
    diversity: compared,
  };
  const heads = Array.from({ length: maps.heads }, (_, head) => ({
    head,
    ...(Object.fromEntries(Object.entries(metrics).map(([name, scores]) => [name, measuredAt(scores, head)])) as Omit<HeadProfile, "head">),
  }));
  return { heads, diversity: compared.score, distances: compared.distances, checks: [diversityCheck(compared.score)] };
}

async function mapsOf(tokens: readonly string[], settings: LessonSettings) {
  const { dModel, numHeads, seed } = resolveSettings("compareHeads", settings);
  const attention = lessonAttention({ dModel, numHeads, seed });
  const vectors = embedTokens(tokens, { dModel, seed });
  const { output, weights } = attention.apply(vectors, vectors, vectors);
  try {
    return await readAttention(weights!, { mask: null });
  } finally {
    for (const each of [vectors, output, weights!, attention]) each.dispose();
  }
}

function measuredAt({ perHead }: HeadScores, head: number): Measured {
  const { score, nullScore } = perHead[head]!;
  return { score, nullScore };
}

function diversityCheck(score: number | null): Check {
  const name = "the heads differ, mean Jensen-Shannon distance";
  return score === null ? skippedCheck(name, "it needs two heads and two tokens") : checkAbove(name, score, 0);
}
