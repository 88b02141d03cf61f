import type { Random } from "@tfblocks/tensor-utils";

export const vocabSize = 64;
/** Number of tokens in a row. */
export const rowLength = 48;

/** A sequence of distinct random tokens, repeated until the row is full. */
export interface RepeatedSequence {
  readonly ids: readonly number[];
  /** Number of tokens before they repeat. */
  readonly period: number;
}

/** A random row. Tokens are distinct within a period, so the token after a repeated one is certain. */
export function drawRepeated(random: Random): RepeatedSequence {
  const period = 12 + random.integer(13);
  const first = shuffled(random).slice(0, period);
  return { ids: Array.from({ length: rowLength }, (_, at) => first[at % period]!), period };
}

/** All tokens in random order, by the Fisher-Yates shuffle. */
function shuffled(random: Random): number[] {
  const ids = Array.from({ length: vocabSize }, (_, id) => id);
  for (let at = ids.length - 1; at > 0; at--) {
    const other = random.integer(at + 1);
    [ids[at], ids[other]] = [ids[other]!, ids[at]!];
  }
  return ids;
}
