import type { ScoresByMetric } from "../labels/head-scores.js";
import type { AttentionMaps } from "../maps/attention-maps.js";
import { mergeScores } from "../maps/merge-scores.js";
import { headMap } from "../pictures/head-map.js";
import { MapPacker } from "../pictures/report/pack-map.js";
import type { PackedMap } from "../pictures/report/payload.js";
import type { WatchedAttention } from "../watching/watched-attention.js";

/** Rows are read in blocks of at most so many weights: 16 MiB. */
const blockWeights = 2 ** 22;

/** The scores of an attention, and the packed map of each of its heads. */
export interface ReadAttention {
  readonly scores: ScoresByMetric;
  readonly maps: readonly PackedMap[];
}

/**
 * Reads an attention block by block of rows, so that memory does not grow with the square of the length.
 *
 * @param wholeCells how many cells a map may have that is kept whole
 */
export async function readByBlocks(
  watched: WatchedAttention<unknown>,
  attention: string,
  measure: (maps: AttentionMaps) => ScoresByMetric,
  wholeCells: number,
): Promise<ReadAttention> {
  const { heads, queryLength, keyLength } = watched.sizes(attention);
  const packers = Array.from({ length: heads }, () => new MapPacker(queryLength, keyLength, wholeCells));
  const scores = await scoreByBlocks(watched, attention, (maps, start) => {
    for (const [head, packer] of packers.entries()) packer.add(start, headMap(maps, head));
    return measure(maps);
  });
  return { scores, maps: packers.map((packer) => packer.packed()) };
}

/** The scores of an attention, measured block by block of rows. @param measure `start` is the index of the first row of the block */
export async function scoreByBlocks(
  watched: WatchedAttention<unknown>,
  attention: string,
  measure: (maps: AttentionMaps, start: number) => ScoresByMetric,
): Promise<ScoresByMetric> {
  const { batch, heads, queryLength, keyLength } = watched.sizes(attention);
  const rows = Math.max(1, Math.floor(blockWeights / Math.max(1, batch * heads * keyLength)));
  const blocks: ScoresByMetric[] = [];
  for (let start = 0; start < queryLength; start += rows) {
    const maps = await watched.rows(attention, start, Math.min(queryLength, start + rows));
    blocks.push(measure(maps, start));
  }
  const merged = Object.keys(blocks[0] ?? {}).map((name) => [name, mergeScores(blocks.map((block) => block[name]!))]);
  return Object.fromEntries(merged);
}
