import { checkArray, checkIntegers } from "../check.js";
import type { Mask } from "../mask.js";
import { EMPTY, FULL, PARTIAL, type Rule } from "../rule.js";
import { RuleMask } from "../rule-mask.js";
import { intervalRule } from "./interval-rule.js";
import { checkCovered } from "./table-rule.js";

/**
 * The same document of a packed sequence: documents of these lengths, one after the other. Positions after the last
 * document attend to nothing and nothing attends to them.
 *
 * @param lengths [document], or [batch][document] (rows may differ in their number of documents)
 * @throws ValueError when a length is no integer >= 0
 */
export function packed(lengths: readonly number[] | readonly (readonly number[])[]): Mask {
  const rows = checkRows("packed", "lengths", lengths);
  const ends = rows.map((row) => row.map(runningSum())); // [batch][document]: the position after each document
  const documentOf = (batch: number, query: number): number => countUpTo(ends[batch]!, query);
  return new RuleMask(
    intervalRule({
      batch: rows.length,
      json: () => ({ type: "packed", lengths: rows.map((row) => [...row]) }),
      first: (batch, query) => ends[batch]![documentOf(batch, query) - 1] ?? 0,
      last: (batch, query) => (ends[batch]![documentOf(batch, query)] ?? ends[batch]!.at(-1) ?? 0) - 1,
    }),
  );
}

/**
 * The same document, by the id of each position; the ids of one document need not be neighbours.
 *
 * @param ids [position] or [batch][position], at least as many as the positions asked for
 * @throws ValueError, ShapeError when an id is no integer >= 0 or the rows differ in length
 */
export function documents(ids: readonly number[] | readonly (readonly number[])[]): Mask {
  return new RuleMask(documentsRule(checkRows("documents", "ids", ids, true)));
}

function documentsRule(ids: readonly (readonly number[])[]): Rule {
  const row = (batch: number): readonly number[] => ids[ids.length === 1 ? 0 : batch]!;
  const runs = ids.map((row) => row.map(runCounter())); // [batch][position]: which stretch of equal ids
  const starts = runs.map((row) => row.flatMap((run, position) => (run === row[position - 1] ? [] : [position])));
  return {
    type: "documents",
    batch: ids.length,
    heads: 1,
    json: () => ({ type: "documents", ids: ids.map((row) => [...row]) }),
    allows: (batch, _head, query, key) => row(batch)[query] !== undefined && row(batch)[query] === row(batch)[key],
    classify(batch, _head, { queryStart, queryEnd, keyStart, keyEnd }) {
      const b = ids.length === 1 ? 0 : batch;
      const [own, run, start] = [ids[b]!, runs[b]!, starts[b]!];
      const first = own[queryStart] === own[keyStart];
      for (let q = run[queryStart]!; q <= run[queryEnd - 1]!; q++)
        for (let k = run[keyStart]!; k <= run[keyEnd - 1]!; k++) if ((own[start[q]!] === own[start[k]!]) !== first) return PARTIAL;
      return first ? FULL : EMPTY;
    },
    fit(operation, { queryStart, queryEnd, keyStart, keyEnd }) {
      checkCovered(operation, "documents", "query", queryStart, queryEnd, 0, ids[0]!.length);
      checkCovered(operation, "documents", "key", keyStart, keyEnd, 0, ids[0]!.length);
    },
    clause: (batch, _head, query, key) => `query and key are in documents ${row(batch)[query] ?? "none"} and ${row(batch)[key] ?? "none"}`,
  };
}

function checkRows(operation: string, argument: string, value: readonly number[] | readonly (readonly number[])[], sameLength = false): number[][] {
  const rows = checkArray<number | readonly number[]>(operation, argument, value);
  if (!Array.isArray(rows[0])) return [checkIntegers(operation, argument, rows as number[], 0)];
  return (rows as number[][]).map((row, batch) => checkIntegers(operation, `${argument}[${batch}]`, row, 0, sameLength && batch > 0 ? (rows as number[][])[0]!.length : undefined));
}

function runningSum(): (length: number) => number {
  let sum = 0;
  return (length) => (sum += length);
}

function runCounter(): (id: number) => number {
  let run = -1;
  let previous: number | undefined;
  return (id) => {
    if (id !== previous) run++;
    previous = id;
    return run;
  };
}

/** How many of the rising values are <= limit. */
function countUpTo(values: readonly number[], limit: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
