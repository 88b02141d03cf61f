import type { Explanation } from "./mask.js";
import type { Rule } from "./rule.js";

/** The rules that forbid a cell: atoms and negations, through any `and` and `or`. */
export function forbiddersOf(rule: Rule, batch: number, head: number, query: number, key: number): readonly Rule[] {
  return rule.forbidders?.(batch, head, query, key) ?? [rule];
}

/** Whether a cell is allowed, the sentence that says why, and who forbids it. */
export function explainCell(rule: Rule, batch: number, head: number, query: number, key: number): Explanation {
  if (rule.allows(batch, head, query, key)) {
    return { allowed: true, reason: `query ${query} may attend to key ${key}: ${rule.clause(batch, head, query, key)}` };
  }
  const forbidders = forbiddersOf(rule, batch, head, query, key);
  const clauses = forbidders.map((forbidder) => forbidder.clause(batch, head, query, key));
  return {
    allowed: false,
    reason: `query ${query} may not attend to key ${key}: ${clauses.join("; ")}`,
    forbiddenBy: forbidders.map((forbidder) => structuredClone(forbidder.json)),
  };
}
