import type { Random } from "@tfblocks/tensor-utils";

export const vocabSize = 64;
/** Tokens of a row. */
export const rowLength = 48;

/** Distinct random tokens, again and again until the row is full. */
export interface RepeatedSequence {
  readonly ids: readonly number[];
  /** Tokens until they come again. */
  readonly period: number;
}

/** Tokens are distinct within a period, so that what follows one is certain from its second time on. */
export function drawRepeated(random: Random): RepeatedSequence {
  const period = 12 + random.integer(13);
  const first = shuffled(random).slice(0, period);
  return { ids: Array.from({ length: rowLength }, (_, at) => first[at % period]!), period };
}

/** All tokens in random order, by Fisher and Yates's shuffle. */
function shuffled(random: Random): number[] {
  const ids = Array.from({ length: vocabSize }, (_, id) => id);
  for (let at = ids.length - 1; at > 0; at--) {
    const other = random.integer(at + 1);
    [ids[at], ids[other]] = [ids[other]!, ids[at]!];
  }
  return ids;
}
