import type { AttentionMaps } from "./attention-maps.js";
import { checkedMinKeys, headIndices, type HeadScores, labelled, type RowOptions, RowTally, type Scale } from "./row-scores.js";
import { type Row, RowReader, skipReason } from "./rows.js";

/** The value of one row of a head; null where the metric is undefined. */
export type RowMeasure = (row: Row, head: number) => number | null;

/** A metric whose value of a row depends on that row alone. */
export interface RowMetric {
  readonly name: string;
  readonly minKeys: number;
  readonly scale: Scale;
  readonly measure: RowMeasure;
  /** Whether uniform rows of heads with the same mask may have different values. */
  readonly isPerHead: boolean;
}

/** @throws ValueError when `minKeys` is not an integer >= 1, or an option is unknown */
export function rowMetric(name: string, options: RowOptions, scale: Scale, measure: RowMeasure, isPerHead = false): RowMetric {
  return { name, minKeys: checkedMinKeys(name, options), scale, measure, isPerHead };
}

/** Scores every head by a measure of its rows, and by the same measure of uniform rows. */
export function scoreRows(operation: string, maps: AttentionMaps, options: RowOptions, scale: Scale, measure: RowMeasure): HeadScores {
  return scoreMetric(maps, rowMetric(operation, options, scale, measure, true));
}

/** The scores of one metric. @throws ValueError when the maps are something else */
export function scoreMetric(maps: AttentionMaps, metric: RowMetric): HeadScores {
  headIndices(metric.name, maps);
  return scoreMetrics(maps, [metric])[0]!;
}

/** The scores of several metrics, for which each row is read once. */
export function scoreMetrics(maps: AttentionMaps, metrics: readonly RowMetric[]): HeadScores[] {
  const heads = headIndices("scoreMetrics", maps);
  const tallies = heads.map(() => metrics.map(() => new RowTally(maps)));
  const scorer = new RowScorer(maps, metrics);
  for (let batch = 0; batch < maps.batch; batch++) {
    for (let query = 0; query < maps.queryLength; query++) {
      scorer.start();
      for (const head of heads) scorer.score(batch, head, query, tallies[head]!);
    }
  }
  return metrics.map(({ name, scale }, index) =>
    labelled(
      name,
      maps,
      heads.map((head) => tallies[head]![index]!.score(head, scale)),
    ),
  );
}

/** Scores the rows of one query after the other, head by head. */
class RowScorer {
  readonly #maps: AttentionMaps;
  readonly #metrics: readonly RowMetric[];
  readonly #reader: RowReader;
  /** Whether all heads have the same mask, and with it the same uniform row. */
  readonly #isShared: boolean;
  #uniform: Row | undefined;
  /** The values of the shared uniform row. */
  #nulls: (number | undefined)[] = [];

  constructor(maps: AttentionMaps, metrics: readonly RowMetric[]) {
    this.#maps = maps;
    this.#metrics = metrics;
    this.#reader = new RowReader(maps);
    this.#isShared = maps.allowed.shape[1] === 1;
  }

  /** Begins with another query. */
  start(): void {
    this.#nulls = [];
    this.#uniform = undefined;
  }

  score(batch: number, head: number, query: number, tallies: readonly RowTally[]): void {
    if (!this.#isShared) this.#uniform = undefined;
    let row: Row | undefined;
    for (const [index, { minKeys, measure }] of this.#metrics.entries()) {
      const skip = skipReason(this.#maps, batch, head, query, minKeys);
      row ??= skip === undefined ? this.#reader.read(batch, head, query) : undefined;
      const value = skip === undefined ? measure(row!, head) : null;
      if (value === null) tallies[index]!.skip(skip ?? "noTarget");
      else tallies[index]!.add(batch, query, value, this.#nullOf(index, row!, head));
    }
  }

  #nullOf(index: number, row: Row, head: number): number {
    const { measure, isPerHead } = this.#metrics[index]!;
    const compute = (): number => measure((this.#uniform ??= this.#reader.uniform(row)), head)!;
    return isPerHead || !this.#isShared ? compute() : (this.#nulls[index] ??= compute());
  }
}
