import type { LanguageModel } from "@tfblocks/transformer";
import type { AttentionMaps } from "../maps/attention-maps.js";
import { meanOf } from "../maps/row-scores.js";
import { dependencyAccuracy } from "../metrics/dependency-accuracy.js";
import { OffsetCounts, type PositionalBaseline } from "../metrics/positional-baseline.js";
import type { HeadName } from "../models/attention-places.js";
import { watchAttention } from "../watching/watch-attention.js";
import { headsIn } from "../models/heads-in.js";
import { batchesOf, type ParsedText, wordCount } from "./parsed-texts.js";
import { idTensor } from "./repetition-losses.js";

/** The row whose attention counts: that of the dependent word, or of the word before it. */
export type AttendingWord = "dependent" | "before";

/** How well a head follows one relation. */
export interface SyntaxHead extends HeadName {
  /** The fraction of rows that attend most to the syntactic head, from 0 to 1; null without rows. */
  readonly accuracy: number | null;
  /** The accuracy of uniform attention on the same rows. */
  readonly nullAccuracy: number | null;
  /** The best that a fixed offset in words can do on the same rows. */
  readonly baseline: PositionalBaseline | null;
  /** accuracy − baseline.score */
  readonly overBaseline: number | null;
  /** How many rows were counted. */
  readonly rows: number;
}

/** At most so many weights of each head are read at a time: 4 MiB. */
const cellsAtOnce = 2 ** 20;

/** The scores of every head, for each relation. */
export async function syntaxHeads(
  model: LanguageModel,
  texts: readonly ParsedText[],
  relations: readonly string[],
  attends: AttendingWord,
): Promise<SyntaxHead[][]> {
  const heads = headsIn(model);
  const tallies = relations.map(() => heads.map(() => new Tally()));
  for (const batch of batchesOf(texts, cellsAtOnce)) {
    await eachAttention(model, batch, (attention, maps) => {
      const first = heads.findIndex((head) => head.attention === attention);
      relations.forEach((relation, at) => tallyRelation(maps, batch, { relation, attends }, tallies[at]!.slice(first)));
    });
  }
  return tallies.map((ofRelation) => heads.map((head, at) => ({ ...head, ...ofRelation[at]!.score() })));
}

async function eachAttention(
  model: LanguageModel,
  batch: readonly ParsedText[],
  visit: (attention: string, maps: AttentionMaps) => void,
): Promise<void> {
  const ids = idTensor(batch.map((text) => text.ids));
  try {
    const watched = watchAttention(model, (each) => void each.hidden(ids));
    try {
      for (const part of watched.parts) visit(part, await watched.maps(part));
    } finally {
      watched.dispose();
    }
  } finally {
    ids.dispose();
  }
}

function tallyRelation(
  maps: AttentionMaps,
  batch: readonly ParsedText[],
  { relation, attends }: { readonly relation: string; readonly attends: AttendingWord },
  tallies: readonly Tally[],
): void {
  const targets = batch.map((text) => targetsOf(text, relation, attends));
  const words = batch.map(({ ids, wordOf }) => wordOf ?? [...ids.keys()]);
  const hasWords = batch.some(({ wordOf }) => wordOf !== undefined);
  const { perHead } = dependencyAccuracy(maps, { heads: targets, ...(hasWords && { wordOf: words }) });
  for (const { head, values, nullValues } of perHead) {
    values.forEach((value, row) => {
      if (value === null) return;
      const text = Math.floor(row / maps.queryLength);
      const word = words[text]![row % maps.queryLength]!;
      tallies[head]!.add(value, nullValues[row]!, targets[text]![word]! - word);
    });
  }
}

/** For each word the one that it should attend to; −1 for none. */
function targetsOf(text: ParsedText, relation: string, attends: AttendingWord): number[] {
  const targets = Array.from({ length: wordCount(text) }, () => -1);
  for (const dependency of text.dependencies) {
    const row = attends === "before" ? dependency.from - 1 : dependency.from;
    if (dependency.relation === relation && row >= 0) targets[row] = dependency.to;
  }
  return targets;
}

/** The rows of one head and relation. */
class Tally {
  readonly #values: number[] = [];
  readonly #nullValues: number[] = [];
  readonly #offsets = new OffsetCounts();

  add(value: number, nullValue: number, offset: number): void {
    this.#values.push(value);
    this.#nullValues.push(nullValue);
    this.#offsets.add([offset]);
  }

  score(): Omit<SyntaxHead, keyof HeadName> {
    const [accuracy, baseline] = [meanOf(this.#values), this.#offsets.best()];
    return {
      accuracy,
      nullAccuracy: meanOf(this.#nullValues),
      baseline,
      overBaseline: accuracy === null || baseline === null ? null : accuracy - baseline.score,
      rows: this.#values.length,
    };
  }
}
