import type { AttentionMaps } from "../maps/attention-maps.js";
import { headIndices, type HeadScore, type HeadScores, labelled, RowTally } from "../maps/row-scores.js";
import { type SkippedRows, uniformRow } from "../maps/rows.js";
import { type Arc, type CheckedDependencies, checkedDependencies, type DependencyOptions } from "./dependency-options.js";
import { OffsetCounts, type PositionalBaseline } from "./positional-baseline.js";
import { queriesOfWords, rowsOfWord, type WordRow, wordRow } from "./words.js";

/** How well a head follows a relation, beside the best that a fixed position can do. */
export interface ArcScore extends HeadScore {
  /** The best fixed offset on the same rows; null when no row was used. */
  readonly baseline: PositionalBaseline | null;
  /** score − baseline.score; Voita et al. call a head syntactic from 0.1 on. */
  readonly overBaseline: number | null;
}

/** The score of one relation. */
export interface RelationScore extends ArcScore {
  readonly relation: string;
}

/** The scores of one head: of all relations together, and of each. */
export interface DependencyScore extends ArcScore {
  /** In the order in which the relations occur; empty when the parse has none. */
  readonly byRelation: readonly RelationScore[];
}

/**
 * How often a head attends most to what the syntax relates: the fraction of words whose arg-max word is their syntactic head or,
 * with `direction: "toDependent"`, one of their dependents.
 *
 * From 0 to 1; if n words tie for the maximum, each counts 1 / n, so that uniform attention over K words scores mean(targets / K).
 * It has a lift. The baseline is the fixed offset in words that hits most targets on the same rows: a head that does not exceed it
 * may follow a position. Words without an allowed target are skipped as `noTarget`; under a causal mask that is every word whose
 * head comes later. Only words compete for the maximum, not extra keys.
 *
 * With `wordOf`, attention to a word is the sum over its tokens and attention from a word the mean over its tokens (Clark et al.);
 * the value of a word stands in the row of its first token, and the other rows are skipped as `noTarget`. A query is the token of
 * the key at its position.
 *
 * Sources: Voita et al. 2019, "Analyzing Multi-Head Self-Attention"; Clark et al. 2019, "What Does BERT Look At?"
 *
 * @throws ShapeError when there is not one list for each sequence, or a list does not have one entry for each word (`heads`,
 *   `relations`) or key (`wordOf`)
 * @throws ValueError when an index is not that of a word or −1, `direction` or an option is unknown, `excludeDiagonal` is neither
 *   true nor false, or `minKeys` is not an integer ≥ 1
 */
export function dependencyAccuracy(maps: AttentionMaps, options: DependencyOptions): HeadScores<DependencyScore> {
  const heads = headIndices("dependencyAccuracy", maps);
  const dependencies = checkedDependencies("dependencyAccuracy", maps, options);
  const arcs = dependencies.parses.flatMap((parse) => parse.arcs);
  const relations = [...new Set(arcs.map(({ relation }) => relation))].filter((relation) => relation !== undefined);
  const perHead = heads.map((head) => ({
    ...scoreArcs(maps, head, dependencies, () => true),
    byRelation: relations.map((relation) => ({ relation, ...scoreArcs(maps, head, dependencies, (arc) => arc.relation === relation) })),
  }));
  return labelled("dependencyAccuracy", maps, perHead);
}

function scoreArcs(maps: AttentionMaps, head: number, dependencies: CheckedDependencies, isScored: (arc: Arc) => boolean): ArcScore {
  const [tally, offsets] = [new RowTally(maps), new OffsetCounts()];
  dependencies.parses.forEach(({ words, arcs }, batch) => {
    const targets = targetsOf(arcs.filter(isScored), words.count);
    const queries = queriesOfWords(maps, words);
    queries.forEach((ofWord, word) => {
      scoreWord({ maps, batch, head, dependencies, tally, offsets }, word, ofWord, targets[word]!);
    });
    skipAll(tally, maps.queryLength - queries.flat().length, "noTarget");
  });
  const score = tally.score(head, "fraction");
  const baseline = offsets.best();
  return { ...score, baseline, overBaseline: score.score === null || baseline === null ? null : score.score - baseline.score };
}

function targetsOf(arcs: readonly Arc[], count: number): ReadonlySet<number>[] {
  const targets = Array.from({ length: count }, () => new Set<number>());
  for (const { from, to } of arcs) targets[from]!.add(to);
  return targets;
}

interface Scoring {
  readonly maps: AttentionMaps;
  readonly batch: number;
  readonly head: number;
  readonly dependencies: CheckedDependencies;
  readonly tally: RowTally;
  readonly offsets: OffsetCounts;
}

function scoreWord(scoring: Scoring, word: number, queries: readonly number[], targets: ReadonlySet<number>): void {
  if (queries.length === 0) return;
  const { maps, batch, tally, offsets, dependencies } = scoring;
  const { minKeys, excludeDiagonal, parses } = dependencies;
  const rows = rowsOfWord(maps, scoring, queries, minKeys);
  if (typeof rows === "string") return skipAll(tally, queries.length, rows);
  const rowOf = (tokens: typeof rows) => withoutSelf(wordRow(word, tokens, parses[batch]!.words), excludeDiagonal);
  const row = rowOf(rows);
  const allowed = [...targets].filter((target) => row.allowed[target] === 1);
  if (allowed.length === 0) return skipAll(tally, queries.length, "noTarget");
  tally.add(batch, queries[0]!, argmaxCredit(row, allowed), argmaxCredit(rowOf(rows.map(uniformRow)), allowed));
  skipAll(tally, queries.length - 1, "noTarget");
  offsets.add(allowed.map((target) => target - word));
}

function withoutSelf(row: WordRow, excludeDiagonal: boolean): WordRow {
  if (excludeDiagonal) row.allowed[row.word] = 0;
  return row;
}

/** The fraction of the words with the largest weight that are targets. */
function argmaxCredit({ probabilities, allowed }: WordRow, targets: readonly number[]): number {
  let top = 0;
  for (let word = 0; word < allowed.length; word++) if (allowed[word] === 1) top = Math.max(top, probabilities[word]!);
  const isTop = (word: number) => allowed[word] === 1 && probabilities[word] === top;
  let ties = 0;
  for (let word = 0; word < allowed.length; word++) if (isTop(word)) ties++;
  return targets.filter(isTop).length / ties;
}

function skipAll(tally: RowTally, count: number, reason: keyof SkippedRows): void {
  for (let row = 0; row < count; row++) tally.skip(reason);
}
