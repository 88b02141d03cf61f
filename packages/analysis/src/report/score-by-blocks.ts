import type { ScoresByMetric } from "../labels/head-scores.js";
import type { AttentionMaps } from "../maps/attention-maps.js";
import { mergeScores } from "../maps/merge-scores.js";
import type { WatchedAttention } from "../watching/watched-attention.js";

/** Rows are read in blocks of at most so many weights: 16 MiB. */
const blockWeights = 2 ** 22;

/**
 * The scores of an attention, measured block by block of rows, so that memory does not grow with the square of the length.
 *
 * @param measure `start` is the index of the first row of the block
 */
export async function scoreByBlocks(
  watched: WatchedAttention<unknown>,
  attention: string,
  measure: (maps: AttentionMaps, start: number) => ScoresByMetric | Promise<ScoresByMetric>,
): Promise<ScoresByMetric> {
  const { batch, heads, queryLength, keyLength } = watched.sizes(attention);
  const rows = Math.max(1, Math.floor(blockWeights / Math.max(1, batch * heads * keyLength)));
  const blocks: ScoresByMetric[] = [];
  for (let start = 0; start < queryLength; start += rows) {
    const maps = await watched.rows(attention, start, Math.min(queryLength, start + rows));
    blocks.push(await measure(maps, start));
  }
  const merged = Object.keys(blocks[0] ?? {}).map((name) => [name, mergeScores(blocks.map((block) => block[name]!))]);
  return Object.fromEntries(merged);
}
