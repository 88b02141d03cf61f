import { checkInteger, checkOptions, type OptionNames } from "@tfblocks/tensor-utils";
import type { AttentionMaps } from "../maps/attention-maps.js";
import {
  checkedMinKeys,
  headIndices,
  type HeadScore,
  type HeadScores,
  labelled,
  rowOptionNames,
  type RowOptions,
  RowTally,
} from "../maps/row-scores.js";
import { readRow, type Row, skipReason, uniformRow } from "../maps/rows.js";
import { type KeptScore, relativeToKept } from "./kept-mass.js";

/** Options of {@link contentDependence}. */
export interface ContentOptions extends RowOptions {
  /** Uses only the queries at positions below this; default all, in the paper 10. */
  readonly maxQueries?: number;
  /** Whether to leave attention to the first key out of both sums; default false, in the paper true. */
  readonly excludeFirst?: boolean;
}

const optionNames: OptionNames<ContentOptions> = { ...rowOptionNames, maxQueries: true, excludeFirst: "flag" };

/**
 * Content dependence (the paper's variability): how much the rows at the same position differ between the inputs x of the batch,
 * Σₓ Σᵢⱼ |Aᵢⱼ(x) − Āᵢⱼ| / (2 Σₓ Σᵢⱼ Aᵢⱼ(x)) with Ā the mean over inputs.
 *
 * From 0 (attention depends on the position alone) to 1 − 1 / N with N inputs (each attends to other keys). Uniform attention
 * scores 0 unless the masks of the inputs differ. It has no lift. The value of a row is its distance ½ Σⱼ |Aᵢⱼ(x) − Āᵢⱼ| from the
 * mean row; with `excludeFirst` that is divided by `keptMass`, the mean attention of the head to other keys. Pass inputs of equal
 * length: a row is used if it is usable in every input, and is otherwise skipped, as `noTarget` in the inputs where it is usable.
 * With one input nothing can be compared, so every score is null.
 *
 * Source: Vig & Belinkov 2019, "Analyzing the Structure of Attention in a Transformer Language Model"
 *
 * @throws ValueError when `maxQueries` is not an integer ≥ 1, `excludeFirst` is neither true nor false, `minKeys` is not an
 *   integer ≥ 1, or an option is unknown
 */
export function contentDependence(maps: AttentionMaps, options: ContentOptions = {}): HeadScores<KeptScore> {
  const operation = "contentDependence";
  const { maxQueries = Infinity, excludeFirst = false, ...rows } = checkOptions(operation, options, optionNames);
  if (maxQueries !== Infinity) checkInteger(operation, "maxQueries", maxQueries, 1);
  const minKeys = checkedMinKeys(operation, rows);
  const heads = headIndices(operation, maps).map((head) => scoreHead(maps, head, { minKeys, maxQueries, excludeFirst }));
  const spread = labelled(
    operation,
    maps,
    heads.map((head) => head.spread),
  );
  const kept = labelled(
    operation,
    maps,
    heads.map((head) => head.kept),
  );
  return excludeFirst ? relativeToKept(spread, kept, "unbounded") : spread;
}

interface HeadSums {
  /** The distance of each row from the mean row. */
  readonly spread: HeadScore;
  /** The attention of each row to the keys that are not excluded. */
  readonly kept: HeadScore;
}

function scoreHead(maps: AttentionMaps, head: number, options: Required<ContentOptions>): HeadSums {
  const [spread, kept] = [new RowTally(maps), new RowTally(maps)];
  const inputs = Array.from({ length: maps.batch }, (_, batch) => batch);
  for (let query = 0; query < maps.queryLength; query++) {
    const skips = inputs.map((batch) => skipReason(maps, batch, head, query, options.minKeys));
    const isUsed = maps.batch > 1 && query + maps.queryOffset < options.maxQueries && skips.every((skip) => skip === undefined);
    if (isUsed) {
      const rows = inputs.map((batch) => readRow(maps, batch, head, query));
      addRows(rows, options.excludeFirst ? 1 : 0, spread, kept);
    } else for (const skip of skips) spread.skip(skip ?? "noTarget");
  }
  return { spread: spread.score(head, "unbounded"), kept: kept.score(head, "unbounded") };
}

/** Adds the rows of all inputs at one query. */
function addRows(rows: readonly Row[], firstKey: number, spread: RowTally, kept: RowTally): void {
  const uniform = rows.map(uniformRow);
  const [mean, uniformMean] = [meanRow(rows), meanRow(uniform)];
  rows.forEach(({ batch, query, probabilities }, index) => {
    const uniformProbabilities = uniform[index]!.probabilities;
    spread.add(batch, query, distance(probabilities, mean, firstKey), distance(uniformProbabilities, uniformMean, firstKey));
    kept.add(batch, query, sumFrom(firstKey, probabilities), sumFrom(firstKey, uniformProbabilities));
  });
}

function meanRow(rows: readonly Row[]): Float64Array {
  const mean = new Float64Array(rows[0]!.probabilities.length);
  for (const { probabilities } of rows) for (let key = 0; key < mean.length; key++) mean[key]! += probabilities[key]!;
  return mean.map((sum) => sum / rows.length);
}

/** ½ Σⱼ |pⱼ − qⱼ| from a first key on. */
function distance(p: Float64Array, q: Float64Array, firstKey: number): number {
  let sum = 0;
  for (let key = firstKey; key < p.length; key++) sum += Math.abs(p[key]! - q[key]!);
  return sum / 2;
}

function sumFrom(first: number, probabilities: Float64Array): number {
  let sum = 0;
  for (let key = first; key < probabilities.length; key++) sum += probabilities[key]!;
  return sum;
}
