import { type checkArray, checkIntegers, checkRows } from "../check.js";
import type { Mask } from "../mask.js";
import { type AttentionRule, EMPTY, FULL, PARTIAL } from "../attention-rule.js";
import { RuleMask } from "../rule-mask.js";
import { intervalRule } from "./interval-rule.js";
import { checkCovered } from "./table-rule.js";

type Lists = readonly number[] | readonly (readonly number[])[];

/**
 * Query and key are in the same document of a packed sequence, whose documents of these lengths follow each other. Positions
 * after the last document attend to nothing, and nothing attends to them.
 *
 * @param lengths `[document]`, or `[batch][document]` (rows may differ in their number of documents)
 * @throws ValueError when a length is not an integer >= 0
 */
export function packed(lengths: Lists): Mask {
  const rows = checkBatchRows("packed", "lengths", lengths, (operation, argument, row) => checkIntegers(operation, argument, row));
  const ends = rows.map((row) => row.map(runningSum())); // [batch][document]: the position after each document
  const documentOf = (batch: number, query: number): number => countUpTo(ends[batch]!, query);
  return new RuleMask(
    intervalRule({
      batch: rows.length,
      json: { type: "packed", lengths: rows },
      first: (batch, query) => ends[batch]![documentOf(batch, query) - 1] ?? 0,
      last: (batch, query) => (ends[batch]![documentOf(batch, query)] ?? ends[batch]!.at(-1) ?? 0) - 1,
    }),
  );
}

/**
 * Query and key are in the same document, given by the id of each position. The positions of a document need not be adjacent.
 *
 * @param ids `[position]` or `[batch][position]`, at least as many as the requested positions
 * @throws ValueError, ShapeError when an id is not an integer >= 0 or the rows differ in length
 */
export function documents(ids: Lists): Mask {
  return new RuleMask(documentsRule(checkBatchRows("documents", "ids", ids, checkIntegers)));
}

function documentsRule(ids: readonly (readonly number[])[]): AttentionRule {
  const row = (batch: number): readonly number[] => ids[batch % ids.length]!;
  const next = ids.map(runEnds);
  const { length } = ids[0]!;
  return {
    batch: ids.length,
    heads: 1,
    json: { type: "documents", ids },
    allows: (batch, _head, query, key) => row(batch)[query] !== undefined && row(batch)[query] === row(batch)[key],
    classify(batch, _head, { queryStart, queryEnd, keyStart, keyEnd }) {
      const own = row(batch);
      const after = next[batch % ids.length]!;
      const first = own[queryStart] === own[keyStart];
      for (let query = queryStart; query < queryEnd; query = after[query]!) {
        for (let key = keyStart; key < keyEnd; key = after[key]!) if ((own[query] === own[key]) !== first) return PARTIAL;
      }
      return first ? FULL : EMPTY;
    },
    fit: (operation, extent) =>
      checkCovered(operation, "documents", extent, { queryStart: 0, queryEnd: length, keyStart: 0, keyEnd: length }),
    clause: (batch, _head, query, key) => `query and key are in documents ${row(batch)[query] ?? "none"} and ${row(batch)[key] ?? "none"}`,
  };
}

/** Checks one row, or a row for each batch element. */
function checkBatchRows(operation: string, argument: string, value: Lists, checkRow: typeof checkArray<number>): number[][] {
  const nested = Array.isArray(value) && Array.isArray(value[0]);
  return nested ? checkRows(operation, argument, value as number[][], checkRow) : [checkIntegers(operation, argument, value as number[])];
}

function runningSum(): (length: number) => number {
  let sum = 0;
  return (length) => (sum += length);
}

/** For each position, the end of its run of equal ids. */
function runEnds(ids: readonly number[]): number[] {
  const ends = ids.map((_id, position) => position + 1);
  for (let position = ids.length - 2; position >= 0; position--) {
    if (ids[position] === ids[position + 1]) ends[position] = ends[position + 1]!;
  }
  return ends;
}

/** How many of the ascending values are <= limit. */
function countUpTo(values: readonly number[], limit: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
