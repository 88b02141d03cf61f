import { checkOptions, describeValue, type OptionNames, refuse, ShapeError, ValueError } from "@tfblocks/tensor-utils";
import { checkFunction } from "../checks.js";
import { isDelimiterText } from "../labels/delimiters.js";
import { headScores } from "../labels/head-scores.js";
import { type HeadLabel, labelHeads } from "../labels/label-heads.js";
import type { LabelContext } from "../labels/rules.js";
import type { AttentionMaps } from "../maps/attention-maps.js";
import { headMetrics } from "../pictures/report/head-metrics.js";
import type { ReportHead, ReportLabel } from "../pictures/report/report.js";
import { threeDigits } from "../pictures/text/numbers.js";
import type { WatchedAttention } from "../watching/watched-attention.js";
import { crossScores } from "./cross-scores.js";
import { scoreByBlocks } from "./score-by-blocks.js";
import type { TokenizedText } from "./subject.js";

/** Whether a token separates sentences or parts of them, by its text, for example `"[SEP]"` or `" ,"`. */
export type DelimiterTest = (token: string) => boolean;

/** Options of {@link measureAttention}. */
export interface MeasureOptions {
  /** The tokens of the keys. */
  readonly keys: TokenizedText;
  /** Whether the queries are other tokens than the keys, as in cross-attention: only metrics that need no position of the query; default false. */
  readonly isCross?: boolean | undefined;
  /** Whether a token separates sentences, by its text; default special tokens in brackets, and tokens of punctuation only. */
  readonly isDelimiter?: DelimiterTest | undefined;
  /**
   * Called with the maps of each block of rows, and the index of its first row: for pictures of the maps in the same pass, and for a progress
   * bar. May return a promise. What it throws ends the measurement.
   */
  readonly onRows?: ((maps: AttentionMaps, start: number) => void | Promise<void>) | undefined;
}

const optionNames: OptionNames<MeasureOptions> = { keys: true, isCross: "flag", isDelimiter: true, onRows: true };

/** What was measured on a head. */
export type MeasuredHead = Pick<ReportHead, "head" | "metrics" | "labels">;

/**
 * The scores and labels of each head of a watched attention, as a report shows them: `headScores` and `labelHeads`. Rows are read in
 * blocks of 16 MiB of weights, so that memory does not grow with the square of the length.
 *
 * @param attention one of `watched.parts`, of a run on a single sequence
 * @returns the heads in their order
 * @throws ValueError when the attention was not watched with its inputs, an option is wrong or unknown, or the run had several sequences
 * @throws ShapeError when there is not one key token for each key
 */
export async function measureAttention(
  watched: WatchedAttention<unknown>,
  attention: string,
  options: MeasureOptions,
): Promise<readonly MeasuredHead[]> {
  const { keys, isCross = false, isDelimiter = isDelimiterText, onRows } = checkOptions("measureAttention", options, optionNames);
  checkFunction("measureAttention", "isDelimiter", isDelimiter);
  if (onRows !== undefined) checkFunction("measureAttention", "onRows", onRows);
  checkRun(watched, attention, keys);
  const delimiters = keys.tokens.map(isDelimiter);
  const context: LabelContext = { ids: [keys.ids], isDelimiter: (key) => delimiters[key]! };
  const measure = isCross ? crossScores : headScores;
  const scores = await scoreByBlocks(watched, attention, async (maps, start) => {
    await onRows?.(maps, start);
    return measure(maps, context);
  });
  const labels = isCross ? undefined : labelHeads(scores, { ...context, tokens: [keys.tokens] }).perHead;
  return Array.from({ length: watched.sizes(attention).heads }, (_, head) => {
    return { head, metrics: headMetrics(scores, head), labels: (labels?.[head]!.labels ?? []).map(toReportLabel) };
  });
}

function checkRun(watched: WatchedAttention<unknown>, attention: string, keys: TokenizedText): void {
  const { batch, keyLength } = watched.sizes(attention);
  if (batch !== 1) refuse(ValueError, "measureAttention", "watched", "a run on one sequence", `one on ${batch}`);
  if (!Array.isArray(keys?.ids) || !Array.isArray(keys.tokens)) {
    refuse(ValueError, "measureAttention", "keys", "a text { ids, tokens }", describeValue(keys));
  }
  const lengths = [keys.ids.length, keys.tokens.length];
  if (lengths.some((length) => length !== keyLength)) {
    refuse(ShapeError, "measureAttention", "keys", `${keyLength} ids and tokens, one for each key`, lengths.join(" and "));
  }
}

function toReportLabel({ label, score, nullScore, threshold, rule, evidence }: HeadLabel): ReportLabel {
  const rows = evidence.map(({ query, token, keys, value }) => `${shown(token, query)}${targetOf(keys)} ${threeDigits(value)}`);
  return { label, score, nullScore, threshold, evidence: `${rule}. Rows: ${rows.join(", ")}` };
}

function targetOf(keys: HeadLabel["evidence"][number]["keys"]): string {
  if (keys.length === 0) return "";
  const first = keys.slice(0, 2).map(({ key, token }) => shown(token, key));
  return ` → ${first.join(" or ")}${keys.length > 2 ? " or …" : ""}`;
}

function shown(token: string, position: number): string {
  return `${JSON.stringify(token)} (${position})`;
}
