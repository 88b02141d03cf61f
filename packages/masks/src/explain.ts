import type { Explanation } from "./mask.js";
import type { AttentionRule } from "./attention-rule.js";

/** The rules that forbid a cell: atoms and negations inside any `and` and `or`. */
export function forbiddersOf(rule: AttentionRule, batch: number, head: number, query: number, key: number): readonly AttentionRule[] {
  return rule.forbidders?.(batch, head, query, key) ?? [rule];
}

/** Whether a cell is allowed, a sentence that says why, and the rules that forbid it. */
export function explainCell(rule: AttentionRule, batch: number, head: number, query: number, key: number): Explanation {
  const allowed = rule.allows(batch, head, query, key);
  const speakers = allowed ? [rule] : forbiddersOf(rule, batch, head, query, key);
  const clauses = speakers.map((speaker) => speaker.clause(batch, head, query, key)).join("; ");
  return {
    allowed,
    reason: `query ${query} may ${allowed ? "" : "not "}attend to key ${key}: ${clauses}`,
    ...(!allowed && { forbiddenBy: speakers.map((speaker) => structuredClone(speaker.json)) }),
  };
}
