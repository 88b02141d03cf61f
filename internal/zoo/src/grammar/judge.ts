import { Random, scope } from "@tfblocks/tensor-utils";
import type { LanguageModel } from "@tfblocks/transformer";
import { idsOf } from "../next-token-batch.js";
import type { EvaluateOptions } from "../recipe.js";
import type { WordTokenizer } from "../word-tokenizer.js";
import { type Contrast, contrastsOf } from "./contrasts.js";
import { type ArcKind, drawSentence, type Sentence } from "./sentence.js";

const kinds: readonly ArcKind[] = ["agreement", "bracket", "reflexive"];
const rowsAtOnce = 64;

/** Shares of contrasts that a model decides rightly, on held-out sentences. */
export type Accuracy = Readonly<Record<ArcKind, number>>;

/** Whether the right word gets more probability than each wrong one, over at least `count` contrasts of each kind. */
export async function judge(model: LanguageModel, tokenizer: WordTokenizer, options: EvaluateOptions): Promise<Accuracy> {
  const sentences = drawEnough(options);
  const decided = Object.fromEntries(kinds.map((kind) => [kind, { right: 0, all: 0 }])) as Record<ArcKind, { right: number; all: number }>;
  for (let first = 0; first < sentences.length; first += rowsAtOnce) {
    const rows = sentences.slice(first, first + rowsAtOnce);
    const scoreOf = await readScores(model, tokenizer, rows);
    for (const [row, sentence] of rows.entries()) {
      for (const contrast of contrastsOf(sentence)) {
        decided[contrast.kind].all++;
        if (isRight(contrast, (word) => scoreOf(row, contrast.at, word))) decided[contrast.kind].right++;
      }
    }
  }
  return Object.fromEntries(kinds.map((kind) => [kind, decided[kind].right / decided[kind].all])) as Record<ArcKind, number>;
}

/** Held-out sentences with contrasts, until there are enough of every kind. */
function drawEnough({ count, seed }: EvaluateOptions): Sentence[] {
  const random = new Random(seed).split("grammar held out");
  const missing = new Map(kinds.map((kind) => [kind, count]));
  const sentences: Sentence[] = [];
  while ([...missing.values()].some((rest) => rest > 0)) {
    const sentence = drawSentence(random, true);
    const useful = contrastsOf(sentence).filter(({ kind }) => missing.get(kind)! > 0);
    for (const { kind } of useful) missing.set(kind, missing.get(kind)! - 1);
    if (useful.length > 0) sentences.push(sentence);
  }
  return sentences;
}

/** The logit of a word at a place of a row, from the words before it. */
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
