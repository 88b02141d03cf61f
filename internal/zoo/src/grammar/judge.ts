import { Random, scope } from "@tfblocks/tensor-utils";
import type { LanguageModel } from "@tfblocks/transformer";
import { idsOf } from "../next-token-batch.js";
import type { EvaluateOptions } from "../recipe.js";
import type { WordTokenizer } from "../word-tokenizer.js";
import { type Contrast, contrastsOf } from "./contrasts.js";
import { type ArcKind, drawSentence, type Sentence } from "./sentence.js";

/** All kinds, in the order of reports. */
export const kinds: readonly ArcKind[] = ["agreement", "bracket", "reflexive"];
const rowsAtOnce = 64;

/** The fraction of contrasts of each kind for which a model prefers the right word. */
export type Accuracy = Readonly<Record<ArcKind, number>>;

/**
 * How often a model gives the right word a higher probability than each wrong one, over `count` or more held-out
 * contrasts of each kind.
 */
export async function judge(model: LanguageModel, tokenizer: WordTokenizer, options: EvaluateOptions): Promise<Accuracy> {
  const sentences = drawEnough(options);
  const counts = Object.fromEntries(kinds.map((kind) => [kind, { right: 0, all: 0 }])) as Record<ArcKind, { right: number; all: number }>;
  for (let first = 0; first < sentences.length; first += rowsAtOnce) {
    const rows = sentences.slice(first, first + rowsAtOnce);
    const scoreOf = await readScores(model, tokenizer, rows);
    for (const [row, sentence] of rows.entries()) {
      for (const contrast of contrastsOf(sentence)) {
        counts[contrast.kind].all++;
        if (isRight(contrast, (word) => scoreOf(row, contrast.at, word))) counts[contrast.kind].right++;
      }
    }
  }
  return Object.fromEntries(kinds.map((kind) => [kind, counts[kind].right / counts[kind].all])) as Record<ArcKind, number>;
}

/** Held-out sentences with at least `count` contrasts of each kind. */
function drawEnough({ count, seed }: EvaluateOptions): Sentence[] {
  const random = new Random(seed).split("grammar held out");
  const missing = new Map(kinds.map((kind) => [kind, count]));
  const sentences: Sentence[] = [];
  while ([...missing.values()].some((remaining) => remaining > 0)) {
    const sentence = drawSentence(random, true);
    const useful = contrastsOf(sentence).filter(({ kind }) => missing.get(kind)! > 0);
    for (const { kind } of useful) missing.set(kind, missing.get(kind)! - 1);
    if (useful.length > 0) sentences.push(sentence);
  }
  return sentences;
}

/** A function that returns the logit of a word at a position of a row, given the words before it. */
async function readScores(model: LanguageModel, tokenizer: WordTokenizer, rows: readonly Sentence[]) {
  const logits = scope(() => model.apply(idsOf(rows.map(({ words }) => tokenizer.encode(words.join(" "))))).logits);
  try {
    const [, length, vocabSize] = logits.shape;
    const values = await logits.data();
    return (row: number, at: number, word: string): number => values[(row * length + at - 1) * vocabSize + tokenizer.idOf(word)]!;
  } finally {
    logits.dispose();
  }
}

function isRight({ right, wrong }: Contrast, scoreOf: (word: string) => number): boolean {
  return wrong.every((word) => scoreOf(right) > scoreOf(word));
}
