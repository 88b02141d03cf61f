import type { MaskJSON } from "../mask.js";
import { type AttentionRule, EMPTY, FULL, PARTIAL, type Rectangle } from "../attention-rule.js";

/**
 * A rule that allows each query one interval of keys, first(batch, query) to last(batch, query) inclusive.
 * Neither bound decreases with the query, and the intervals of adjacent queries touch or overlap. A block of queries
 * therefore reaches exactly the keys from `first` of its first query to `last` of its last query.
 */
export interface Interval {
  readonly batch?: number;
  readonly json: MaskJSON;
  readonly first: (batch: number, query: number) => number;
  readonly last: (batch: number, query: number) => number;
  readonly fit?: (operation: string, extent: Rectangle) => void;
}

/** Classifies any rectangle from its four corners. */
export function intervalRule({ batch = 1, json, first, last, ...fit }: Interval): AttentionRule {
  return {
    batch,
    heads: 1,
    ...fit,
    json,
    allows: (element, _head, query, key) => first(element % batch, query) <= key && key <= last(element % batch, query),
    classify(element, _head, { queryStart, queryEnd, keyStart, keyEnd }) {
      const b = element % batch;
      const [start, end] = [first(b, queryStart), last(b, queryEnd - 1)];
      if (end < start || end < keyStart || start >= keyEnd) return EMPTY;
      return first(b, queryEnd - 1) <= keyStart && last(b, queryStart) >= keyEnd - 1 ? FULL : PARTIAL;
    },
    clause: (element, _head, query) =>
      `${json.type} allows ${describeKeys(Math.max(first(element % batch, query), 0), last(element % batch, query))}`,
  };
}

function describeKeys(first: number, last: number): string {
  return last < first ? "no key" : `keys ${first} to ${last}`;
}
