import type { AttentionMaps } from "@tfblocks/analysis";
import type { RunAttention } from "./run.js";

/** Maps of so many weights are read at a time: 16 MiB. */
const blockWeights = 2 ** 22;

/** Reads the maps of an attention block by block of rows. @param read `start` is the index of the first row */
export async function readRows(attention: RunAttention, read: (maps: AttentionMaps, start: number) => void | Promise<void>): Promise<void> {
  for (const [start, end] of rowBlocks(attention)) await read(await attention.watched.rows(attention.part, start, end), start);
}

/** The rows of an attention, cut into blocks that are not too large. */
export function* rowBlocks({ watched, part }: RunAttention): Generator<readonly [start: number, end: number]> {
  const { heads, queryLength, keyLength } = watched.sizes(part);
  const rows = Math.max(1, Math.floor(blockWeights / (heads * keyLength)));
  for (let start = 0; start < queryLength; start += rows) yield [start, Math.min(queryLength, start + rows)];
}
