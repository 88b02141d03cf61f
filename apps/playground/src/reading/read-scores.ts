import { dispose, slice } from "@tensorflow/tfjs-core";
import { scope } from "@tfblocks/tensor-utils";
import { floats } from "../compute/floats.js";
import type { HeadPlace } from "../models/model-info.js";
import { rowBlocks } from "./map-rows.js";
import type { ScoresReading, ScoreStage } from "./readings.js";
import type { Run, RunAttention } from "./run.js";

/** The scores of a head at one stage, of every query and key. @throws ReadingError when there is no such head */
export async function readScores(run: Run, place: HeadPlace, stage: ScoreStage): Promise<ScoresReading> {
  const attention = run.attentionOf(place);
  const { queryLength: rows, keyLength: columns } = attention.watched.sizes(attention.part);
  const values = new Float32Array(rows * columns);
  for (const [start, end] of rowBlocks(attention)) {
    const [block] = scoresOf(attention, place.head, [stage], start, end);
    values.set(block!, start * columns);
  }
  const allowed = Uint8Array.from(values, (score) => (score === -Infinity ? 0 : 1));
  const tokens = { rowTokens: attention.rows.tokens, columnTokens: attention.keys.tokens };
  return { place, stage, map: { rows, columns, values, allowed }, ...tokens };
}

/** The stages of a head that change its scores, read from the last row; the mask hides cells of other rows too, so it is told. */
export function stagesOf(attention: RunAttention, head: number, isMasked: boolean): ScoreStage[] {
  const stages = ["raw", "scaled", "biased", "capped"] as const;
  const { queryLength } = attention.watched.sizes(attention.part);
  const rows = scoresOf(attention, head, stages, queryLength - 1, queryLength);
  const changing = stages.filter((_, at) => at === 0 || rows[at]!.some((score, key) => score !== rows[at - 1]![key]));
  return isMasked ? [...changing, "masked"] : changing;
}

/** The scores of some queries with each token at these stages, `[rows, keys]` each; a key without a token is left out. */
export function scoresOf(
  { watched, part }: RunAttention,
  head: number,
  stages: readonly ScoreStage[],
  start: number,
  end: number,
): Float32Array[] {
  const { keyLength } = watched.sizes(part);
  const scores = watched.scores(part, { stages, heads: [head] }, start, end); // [1, 1, end - start, columns] each
  try {
    return scope(() => stages.map((stage) => floats(slice(scores[stage]!, [0, 0, 0, 0], [1, 1, -1, keyLength]))));
  } finally {
    dispose(scores as never);
  }
}
