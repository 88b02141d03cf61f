import { checkOptions, describeValue, type OptionNames, refuse, ValueError } from "@tfblocks/tensor-utils";
import { rowStart } from "../maps/allowed-keys.js";
import type { AttentionMaps } from "../maps/attention-maps.js";
import { type HeadScores, rowOptionNames, type RowOptions } from "../maps/row-scores.js";
import { scoreRows } from "../maps/score-metrics.js";
import { type Row } from "../maps/rows.js";
import { type KeptScore, relativeToKept } from "./kept-mass.js";
import { type AttentionPattern, patternCells } from "./pattern-mass.js";

/** Options of {@link detectionScore}. */
export interface DetectionOptions extends RowOptions {
  /** As in {@link RowOptions}, but default 1: every row counts. */
  readonly minKeys?: number;
  /** `"mul"`: the mass on the pattern; `"abs"`: 1 minus the distance from it; default `"mul"`. */
  readonly measure?: "mul" | "abs";
  /** Whether to leave out the first key, the resting place of many heads; default false. */
  readonly excludeFirst?: boolean;
  /** Whether to leave out the attention of each token to itself; default false. */
  readonly excludeDiagonal?: boolean;
}

const optionNames: OptionNames<DetectionOptions> = { ...rowOptionNames, measure: true, excludeFirst: "flag", excludeDiagonal: "flag" };

type IsKept = (query: number, key: number) => boolean;

/**
 * The head detector of TransformerLens: how well maps A fit a pattern P of zeros and ones.
 *
 * - `"mul"`: Σᵢⱼ Aᵢⱼ Pᵢⱼ / Σᵢⱼ Aᵢⱼ, from 0 to 1. An exclusion applies to both sums, so that a head with little attention elsewhere
 *   may score high: see `keptMass`.
 * - `"abs"`: 1 − (1 / n) Σᵢ Σⱼ |Aᵢⱼ − Pᵢⱼ| over n rows, from −1 for one target in each row to 1. An exclusion leaves out cells.
 *
 * All rows count, also those without a target, so that a perfect previous-token head of 4 tokens scores 3 / 4; `patternMass`
 * scores it 1. Both measures have a lift over uniform attention. Sums are pooled over the batch. An extra key counts as a key
 * that is in no pattern. Not rounded; the original rounds `"abs"` to three digits.
 *
 * Source: TransformerLens, `head_detector.py`, `detect_head` with `error_measure`, `exclude_bos` and `exclude_current_token`.
 *
 * @throws ShapeError when the pattern does not fit the maps
 * @throws ValueError when the pattern is not an {@link AttentionPattern}, `measure` or an option is unknown, a flag is neither
 *   true nor false, or `minKeys` is not an integer ≥ 1
 */
export function detectionScore(maps: AttentionMaps, pattern: AttentionPattern, options: DetectionOptions = {}): HeadScores<KeptScore> {
  const operation = "detectionScore";
  const { minKeys = 1, measure = "mul", excludeFirst = false, excludeDiagonal = false } = checkOptions(operation, options, optionNames);
  if (measure !== "mul" && measure !== "abs") refuse(ValueError, operation, "measure", `"mul" or "abs"`, describeValue(measure));
  const targets = patternCells(operation, maps, pattern);
  const shift = maps.queryOffset - maps.keyOffset;
  const isKept: IsKept = (query, key) => !(excludeFirst && key === 0) && !(excludeDiagonal && key === query + shift);
  const rowOf = measure === "mul" ? onPattern : withinPattern;
  const scores = scoreRows(operation, maps, { minKeys }, "fraction", (row, head) =>
    rowOf(row, targets.data, rowStart(targets, row.batch, head, row.query), isKept),
  );
  if (measure === "abs" || !(excludeFirst || excludeDiagonal)) return scores;
  const kept = scoreRows(operation, maps, { minKeys }, "fraction", (row) => keptMass(row, isKept));
  return relativeToKept(scores, kept, "fraction");
}

/** Σⱼ Aᵢⱼ Pᵢⱼ over the kept cells. */
function onPattern({ query, allowed, probabilities }: Row, targets: Uint8Array, start: number, isKept: IsKept): number {
  let mass = 0;
  for (let key = 0; key < allowed.length; key++) if (targets[start + key] !== 0 && isKept(query, key)) mass += probabilities[key]!;
  return mass;
}

/** 1 − Σⱼ |Aᵢⱼ − Pᵢⱼ| over the kept cells and the extra keys. */
function withinPattern({ query, allowed, probabilities }: Row, targets: Uint8Array, start: number, isKept: IsKept): number {
  let distance = 0;
  for (let key = 0; key < probabilities.length; key++) {
    const target = key < allowed.length && targets[start + key] !== 0 ? 1 : 0;
    if (key >= allowed.length || isKept(query, key)) distance += Math.abs(probabilities[key]! - target);
  }
  return 1 - distance;
}

/** The attention to kept cells and extra keys. */
function keptMass({ query, allowed, probabilities }: Row, isKept: IsKept): number {
  let mass = 0;
  for (let key = 0; key < probabilities.length; key++) if (key >= allowed.length || isKept(query, key)) mass += probabilities[key]!;
  return mass;
}
