import { checkInteger, checkOptions, describeValue, type OptionNames, Random, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { LanguageModel } from "@tfblocks/transformer";
import type { HeadName } from "../models/attention-places.js";
import { headsIn } from "../models/heads-in.js";
import { checkParsedTexts, type ParsedText, relationsOf } from "./parsed-texts.js";
import { ablateAndScore, type ScoreAblation, type ScoreFunction } from "./score-ablation.js";
import { type AttendingWord, type SyntaxHead, syntaxHeads } from "./syntax-heads.js";
import { otherHeads } from "./without-heads.js";

/** One relation, and how well each head follows it. */
export interface SyntaxRelation {
  readonly relation: string;
  /** Every head, in the order of computation. */
  readonly heads: readonly SyntaxHead[];
  /** The heads that are at least 0.1 more accurate than the best fixed offset, the best first: Voita et al. call them syntactic. */
  readonly syntactic: readonly HeadName[];
  /** The score without the first of them; null if there is none, or without `score`. */
  readonly withoutBest: ScoreAblation | null;
}

/** The result of {@link syntaxTest}; plain JSON. */
export interface SyntaxTest {
  readonly experiment: "syntaxTest";
  readonly version: 1;
  readonly attends: AttendingWord;
  readonly texts: number;
  /** The score of the unchanged model; null without `score`. */
  readonly score: number | null;
  /** In the order in which they occur in the texts. */
  readonly relations: readonly SyntaxRelation[];
  /** The score without the best syntactic head of every relation; null if there is none, or without `score`. */
  readonly withoutBest: ScoreAblation | null;
}

/** Options of {@link syntaxTest}. */
export interface SyntaxTestOptions<Model = LanguageModel> {
  /**
   * The row that should attend to the syntactic head: that of the `"dependent"` word, the default, or of the word `"before"` it,
   * which in a causal model has to predict the dependent. A dependent right after its head then does not count, because the row
   * before it is the head itself.
   */
  readonly attends?: AttendingWord;
  /** Measures a model that is changed by ablations, for example the accuracy of its agreement; default no ablation. */
  readonly score?: ScoreFunction<Model>;
  /** How many sets of random heads are ablated beside each ablation; default 8. If there are fewer sets, each is ablated once. */
  readonly draws?: number;
  /** Default 0. */
  readonly seed?: number;
}

const optionNames: OptionNames<SyntaxTestOptions> = { attends: true, score: true, draws: true, seed: true };
/** Voita et al.: 10 percentage points. */
const syntacticMargin = 0.1;

/**
 * Tests whether heads follow syntax: for each relation of parsed texts, how often each head attends most to the word that a word
 * depends on, beside the best that a fixed offset can do on the same rows. Texts may have different lengths.
 *
 * A head is syntactic if it is at least 10 percentage points better than the offset. Attention is no proof that the model needs the
 * head: with `score`, the best head of each relation is ablated, and so are as many random heads.
 *
 * Words whose head no row may attend to are left out, for example later words under a causal mask; see `dependencyAccuracy`, whose
 * rules for words of several tokens apply. Source: Voita et al. 2019, "Analyzing Multi-Head Self-Attention".
 *
 * @throws ValueError when there is no text, an id or a word does not exist, a word depends on itself or twice in one relation, a score
 *   is not finite, or an option is wrong or unknown
 * @throws ShapeError when `wordOf` is not as long as `ids`
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { setBackend } from "@tensorflow/tfjs-core";
 * import { syntaxTest } from "@tfblocks/analysis/models";
 * import { gpt2 } from "@tfblocks/transformer/models";
 *
 * await setBackend("cpu");
 * const model = gpt2({ vocabSize: 10, maxLength: 16, dModel: 12, numHeads: 3, numLayers: 2 });
 * const dependencies = [{ relation: "subject", from: 3, to: 1 }]; // word 3, a verb, depends on word 1
 * const { relations } = await syntaxTest(model, [{ ids: [1, 2, 3, 4, 5], dependencies }], { attends: "before" });
 * console.log(relations[0]?.heads[0]); // { attention: "layers.0.attention", head: 0, accuracy, baseline, … }
 * ```
 */
export async function syntaxTest(model: LanguageModel, texts: readonly ParsedText[], options: SyntaxTestOptions = {}): Promise<SyntaxTest> {
  const { attends = "dependent", score, draws = 8, seed = 0 } = checkedOptions(options);
  checkParsedTexts(model, texts);
  const names = relationsOf(texts);
  const tested = (await syntaxHeads(model, texts, names, attends)).map((heads, at) => ({
    relation: names[at]!,
    heads,
    syntactic: syntacticHeads(heads),
  }));
  const ablation = score && ablations(model, score, draws, seed);
  const relations: SyntaxRelation[] = [];
  for (const each of tested) {
    relations.push({ ...each, withoutBest: (await ablation?.(each.relation, each.syntactic.slice(0, 1))) ?? null });
  }
  return {
    experiment: "syntaxTest",
    version: 1,
    attends,
    texts: texts.length,
    score: score === undefined ? null : await finite(score)(model),
    relations,
    withoutBest: (await ablation?.("", unique(tested.flatMap(({ syntactic }) => syntactic.slice(0, 1))))) ?? null,
  };
}

function checkedOptions(options: SyntaxTestOptions): SyntaxTestOptions {
  const { attends = "dependent", draws = 8, seed = 0 } = checkOptions("syntaxTest", options, optionNames);
  if (attends !== "dependent" && attends !== "before") {
    refuse(ValueError, "syntaxTest", "attends", `"dependent" or "before"`, describeValue(attends));
  }
  checkInteger("syntaxTest", "draws", draws, 0);
  checkInteger("syntaxTest", "seed", seed, 0);
  return options;
}

function syntacticHeads(heads: readonly SyntaxHead[]): HeadName[] {
  return heads
    .filter(({ overBaseline }) => overBaseline !== null && overBaseline >= syntacticMargin)
    .toSorted((a, b) => b.overBaseline! - a.overBaseline!)
    .map(({ attention, head }) => ({ attention, head }));
}

/** Ablates heads, and random sets of other heads that depend on the seed and a label. */
function ablations(model: LanguageModel, score: ScoreFunction<LanguageModel>, draws: number, seed: number) {
  return async (label: string, heads: readonly HeadName[]): Promise<ScoreAblation | null> => {
    if (heads.length === 0) return null;
    const random = new Random(seed).split("random heads").split(label);
    return ablateAndScore(model, heads, finite(score), { others: otherHeads(headsIn(model), heads), random, draws });
  };
}

function finite(score: ScoreFunction<LanguageModel>): ScoreFunction<LanguageModel> {
  return async (model) => {
    const value = await score(model);
    return Number.isFinite(value)
      ? value
      : refuse(ValueError, "syntaxTest", "the result of score", "a finite number", describeValue(value));
  };
}

function unique(heads: readonly HeadName[]): HeadName[] {
  return heads.filter((each, at) => heads.findIndex(({ attention, head }) => attention === each.attention && head === each.head) === at);
}
