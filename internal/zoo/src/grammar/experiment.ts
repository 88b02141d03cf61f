import { type ParsedText, type ScoreAblation, type SyntaxHead, syntaxTest, type SyntaxTest } from "@tfblocks/analysis/models";
import { Random } from "@tfblocks/tensor-utils";
import type { LanguageModel } from "@tfblocks/transformer";
import type { EvaluateOptions, ExperimentProgress } from "../recipe.js";
import { grammar } from "./grammar.js";
import { judge, kinds } from "./judge.js";
import { type ArcKind, drawSentence } from "./sentence.js";

/** How heads follow one kind of dependency, and what the model cannot do without the best of them. */
export interface GrammarRelation {
  readonly kind: ArcKind;
  /** The head that is furthest above the best fixed offset; null if none is 10 percentage points above it. */
  readonly best: SyntaxHead | null;
  /** The fraction of contrasts of this kind that the model gets right, from 0 to 1. */
  readonly score: number;
  /** The score without the best head of each kind; null where there is none. */
  readonly withoutBestOf: Readonly<Record<ArcKind, ScoreAblation | null>>;
}

/** The result of {@link grammarExperiment}; plain JSON. */
export interface GrammarExperiment {
  /** How many held-out sentences the heads are measured on. */
  readonly sentences: number;
  /** How many contrasts of each kind are judged, at least. */
  readonly contrasts: number;
  readonly relations: readonly GrammarRelation[];
}

const sentences = 200;
const contrasts: EvaluateOptions = { count: 60, seed: 3 };

/**
 * Tests whether heads of a model of the recipe look for what the next word depends on, and whether the model needs them.
 *
 * @param onProgress called before each measurement of a changed model
 * @throws ValueError when the model does not know the words
 */
export async function grammarExperiment(model: LanguageModel, onProgress: ExperimentProgress = () => {}): Promise<GrammarExperiment> {
  const texts = parsedTexts();
  const relations: GrammarRelation[] = [];
  for (const [at, kind] of kinds.entries()) {
    const score = async (changed: LanguageModel): Promise<number> => {
      await onProgress(`${kind} without heads`, at + 1, kinds.length);
      return (await judge(changed, grammar.tokenizer, contrasts))[kind];
    };
    relations.push(relationOf(kind, await syntaxTest(model, texts, { attends: "before", score })));
  }
  return { sentences, contrasts: contrasts.count, relations };
}

/** Sentences that the model was not trained on. */
function parsedTexts(): ParsedText[] {
  const random = new Random(1);
  return Array.from({ length: sentences }, () => {
    const { words, arcs } = drawSentence(random, true);
    const dependencies = arcs.map(({ kind, from, to }) => ({ relation: kind, from, to }));
    return { ids: grammar.tokenizer.encode(words.join(" ")), dependencies };
  });
}

function relationOf(kind: ArcKind, { score, relations }: SyntaxTest): GrammarRelation {
  const { heads, syntactic } = relations.find(({ relation }) => relation === kind)!;
  const [first] = syntactic;
  const best = heads.find(({ attention, head }) => attention === first?.attention && head === first.head) ?? null;
  const withoutBestOf = Object.fromEntries(relations.map(({ relation, withoutBest }) => [relation, withoutBest]));
  return { kind, best, score: score!, withoutBestOf: withoutBestOf as GrammarRelation["withoutBestOf"] };
}
