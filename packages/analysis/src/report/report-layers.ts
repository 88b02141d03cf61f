import { headScores, type ScoresByMetric } from "../labels/head-scores.js";
import { type HeadLabel, labelHeads } from "../labels/label-heads.js";
import type { LabelContext } from "../labels/rules.js";
import { attentionLabel } from "../models/attention-label.js";
import { isCross } from "../models/attention-places.js";
import { wholeMapCells } from "../pictures/report/pack-map.js";
import { threeDigits } from "../pictures/text/numbers.js";
import type { ReportHead, ReportLabel, ReportLayer } from "../pictures/report/report.js";
import { runStream } from "../stream/stream-options.js";
import { watchAttention } from "../watching/watch-attention.js";
import type { WatchedAttention } from "../watching/watched-attention.js";
import { crossScores } from "./cross-scores.js";
import { readByBlocks } from "./read-by-blocks.js";
import type { Subject } from "./subject.js";

/** What all layers share. */
interface LayerSettings {
  readonly isDelimiter: DelimiterTest;
  /** Of all layers together. */
  readonly numHeads: number;
}

/** Whether a token separates sentences or parts of them, by its text, for example `"[SEP]"` or `" ,"`. */
export type DelimiterTest = (token: string) => boolean;

/** The maps, scores and labels of every head. @param onLayer called after each attention */
export async function reportLayers(
  subject: Subject,
  isDelimiter: DelimiterTest,
  onLayer: (done: number, total: number) => void | Promise<void>,
): Promise<ReportLayer[]> {
  const { model, ids, options } = subject;
  const watched = watchAttention<typeof model, void>(model, (each) => void runStream("analyzeText", each, ids, options));
  try {
    const layers: ReportLayer[] = [];
    const numHeads = watched.parts.reduce((sum, name) => sum + watched.sizes(name).heads, 0);
    for (const name of watched.parts) {
      layers.push(await measuredLayer(watched, name, subject, { isDelimiter, numHeads }));
      await onLayer(layers.length, watched.parts.length);
    }
    return layers;
  } finally {
    watched.dispose();
  }
}

async function measuredLayer(
  watched: WatchedAttention<void>,
  name: string,
  { text, source }: Subject,
  { isDelimiter, numHeads }: LayerSettings,
): Promise<ReportLayer> {
  const cross = isCross(name);
  const [rows, columns] = [name.startsWith("encoder.") ? source! : text, cross || name.startsWith("encoder.") ? source! : text];
  const delimiters = columns.tokens.map(isDelimiter);
  const context: LabelContext = { ids: [columns.ids], isDelimiter: (key) => delimiters[key]! };
  const { scores, maps } = await readByBlocks(
    watched,
    name,
    (block) => (cross ? crossScores(block, context) : headScores(block, context)),
    wholeMapCells(numHeads),
  );
  const labels = cross ? undefined : labelHeads(scores, { ...context, tokens: [columns.tokens] }).perHead;
  const heads = maps.map((map, head): ReportHead => {
    return { head, map, metrics: metricsOf(scores, head), labels: (labels?.[head]!.labels ?? []).map(toReportLabel) };
  });
  return { name, label: attentionLabel(name), heads, rowTokens: rows.tokens, columnTokens: columns.tokens };
}

function metricsOf(scores: ScoresByMetric, head: number): ReportHead["metrics"] {
  return Object.entries(scores).map(([name, { perHead }]) => {
    const { score, nullScore, lift } = perHead[head]!;
    return { name, score, nullScore, lift };
  });
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
