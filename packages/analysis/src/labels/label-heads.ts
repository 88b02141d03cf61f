import { checkInteger, describeValue, type OptionNames, refuse, ShapeError, ValueError } from "@tfblocks/tensor-utils";
import { checkSequences } from "../checks.js";
import type { HeadScore, HeadScores } from "../maps/row-scores.js";
import {
  checkedContext,
  type HeadLabelName,
  type LabelContext,
  labelContextNames,
  type LabelRule,
  labelRules,
  satisfies,
} from "./rules.js";

/** A row that supports a label. */
export interface LabelEvidence {
  readonly batch: number;
  readonly query: number;
  readonly token: string;
  /** The keys that the label is about, with their tokens; empty for labels about no key in particular. */
  readonly keys: readonly { readonly key: number; readonly token: string }[];
  /** The value of the row, and the one of uniform attention. */
  readonly value: number;
  readonly nullValue: number;
}

/** A label of a head, with what decided. */
export interface HeadLabel {
  readonly label: HeadLabelName;
  readonly metric: string;
  readonly score: number;
  readonly nullScore: number | null;
  readonly lift: number | null;
  readonly threshold: number;
  readonly minLift: number;
  readonly rule: string;
  readonly rowsUsed: number;
  /** The rows with the largest values over uniform attention. */
  readonly evidence: readonly LabelEvidence[];
}

/** The labels of one head; none of them means that no rule applies. */
export interface LabelledHead {
  readonly head: number;
  readonly labels: readonly HeadLabel[];
}

/** Options of {@link labelHeads}. */
export interface LabelOptions extends LabelContext {
  /** The texts of the tokens, `[batch][length]`, for the evidence; default the ids. */
  readonly tokens?: readonly (readonly string[])[];
  /** The rows to show for each label; default 3. */
  readonly evidenceRows?: number;
}

const optionNames: OptionNames<LabelOptions> = { ...labelContextNames, tokens: true, evidenceRows: true };

/**
 * Labels of heads: for each head every label whose rule its scores satisfy, with score, null, threshold and evidence.
 *
 * A head may have several labels or none. A rule needs the scores of its metric; rules of metrics that are not given are left
 * out. No label says what a head means: `"induction"` says where the head attends on this text. Test it by an ablation.
 *
 * @param scores the results of metrics for the heads of one layer, by the names in {@link labelRules}, as `headScores` gives
 * @throws ValueError when an option is unknown, `ids` is not a list for each sequence, `evidenceRows` is not an integer ≥ 0, or the scores are
 *   not results of metrics
 * @throws ShapeError when two results have different numbers of heads, or ids or tokens are not one for each row of each sequence
 */
export function labelHeads(
  scores: Readonly<Record<string, HeadScores>>,
  options: LabelOptions,
): { readonly perHead: readonly LabelledHead[] } {
  checkedContext("labelHeads", options, optionNames);
  const count = checkedHeads(scores);
  checkTexts(scores, options);
  const applying = labelRules.flatMap((rule) =>
    Object.hasOwn(scores, rule.metric) ? [{ rule, perHead: scores[rule.metric]!.perHead }] : [],
  );
  const labelsOf = (head: number): HeadLabel[] =>
    applying.flatMap(({ rule, perHead }) => (satisfies(rule, perHead[head]!) ? [toLabel(rule, perHead[head]!, options)] : []));
  return { perHead: Array.from({ length: count }, (_, head) => ({ head, labels: labelsOf(head) })) };
}

function toLabel(rule: LabelRule, head: HeadScore, options: LabelOptions): HeadLabel {
  const { label, metric, threshold, minLift, rule: words } = rule;
  const { score, nullScore, lift, rowsUsed } = head;
  const evidence = evidenceOf(rule, head, options);
  return { label, metric, score: score!, nullScore, lift, threshold, minLift, rule: words, rowsUsed, evidence };
}

function evidenceOf({ targets }: LabelRule, { values, nullValues }: HeadScore, options: LabelOptions): LabelEvidence[] {
  const { ids, tokens = ids, evidenceRows = 3 } = options;
  const length = ids[0]?.length ?? 0;
  const rows = values.flatMap((value, row) => (value === null ? [] : [{ row, value, nullValue: nullValues[row]! }]));
  const best = rows.toSorted((a, b) => b.value - b.nullValue - (a.value - a.nullValue) || a.row - b.row).slice(0, evidenceRows);
  return best.map(({ row, value, nullValue }) => {
    const [batch, query] = [Math.floor(row / length), row % length];
    const textOf = (position: number): string => String(tokens[batch]![position]);
    const keys = targets(options, batch, query).map((key) => ({ key, token: textOf(key) }));
    return { batch, query, token: textOf(query), keys, value, nullValue };
  });
}

function checkedHeads(scores: Readonly<Record<string, HeadScores>>): number {
  const results: readonly HeadScores[] = typeof scores === "object" && scores !== null ? Object.values(scores) : [];
  if (results.length === 0 || !results.every((each) => Array.isArray(each?.perHead))) {
    refuse(ValueError, "labelHeads", "scores", "an object of results of metrics, at least one", describeValue(scores));
  }
  const counts = results.map(({ perHead }) => perHead.length);
  const other = counts.find((count) => count !== counts[0]);
  if (other !== undefined) refuse(ShapeError, "labelHeads", "scores", "results for the same number of heads", `${counts[0]} and ${other}`);
  return counts[0]!;
}

/** @throws ShapeError, ValueError when ids or tokens do not fit the rows of the scores, or `evidenceRows` is not an integer >= 0 */
function checkTexts(scores: Readonly<Record<string, HeadScores>>, { ids, tokens, evidenceRows = 0 }: LabelOptions): void {
  checkInteger("labelHeads", "evidenceRows", evidenceRows, 0);
  if (tokens !== undefined) checkSequences("labelHeads", "tokens", tokens, "texts", "tokens");
  const received = lengthsOf(ids);
  for (const [name, { batch, perHead }] of Object.entries(scores)) {
    const expected = lengthsOf(Array.from({ length: batch }, () => ({ length: (perHead[0]?.values.length ?? 0) / batch })));
    if (perHead.length > 0 && expected !== received) {
      refuse(ShapeError, "labelHeads", "ids", `${expected}, one id for each row of scores.${name}`, received);
    }
  }
  const given = lengthsOf(tokens ?? ids);
  if (given !== received) refuse(ShapeError, "labelHeads", "tokens", `${received}, as ids`, given);
}

function lengthsOf(lists: readonly { readonly length: number }[]): string {
  return `lists of length [${lists.map(({ length }) => length).join(", ")}]`;
}
