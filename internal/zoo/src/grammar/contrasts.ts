import { brackets, type Noun, nouns, type Number, reflexives, type Verb, verbs } from "./lexicon.js";
import type { Arc, ArcKind, Sentence } from "./sentence.js";

/** A position in a sentence where one word is right and other words of the same kind are wrong. */
export interface Contrast {
  readonly kind: ArcKind;
  /** Index of the word in its sentence. */
  readonly at: number;
  readonly right: string;
  readonly wrong: readonly string[];
}

/**
 * The contrasts of a sentence: forms of a verb that is separated from its subject by a noun of the other number, kinds
 * of closing brackets, and reflexives.
 */
export function contrastsOf(sentence: Sentence): Contrast[] {
  return sentence.arcs.flatMap((arc) => {
    if (arc.kind === "agreement" && distractors(sentence, arc).length === 0) return [];
    const right = sentence.words[arc.from]!;
    return [{ kind: arc.kind, at: arc.from, right, wrong: alternatives(arc.kind, right) }];
  });
}

/** Indices of the nouns between a verb and its subject that differ from the subject in number. */
export function distractors({ words }: Sentence, { from, to }: Arc): number[] {
  const number = numberOf(words[to]!);
  const between = words.slice(to + 1, from).map((word, index) => ({ at: to + 1 + index, number: numberOf(word) }));
  return between.filter((each) => each.number !== undefined && each.number !== number).map(({ at }) => at);
}

/** The number of a noun; undefined for any other word. */
function numberOf(word: string): Number | undefined {
  const noun = nouns.find((each) => isForm(each, word));
  return noun && (noun.singular === word ? "singular" : "plural");
}

function alternatives(kind: ArcKind, right: string): string[] {
  if (kind === "bracket") return brackets.map(([, closing]) => closing).filter((each) => each !== right);
  if (kind === "reflexive") return reflexives.filter((each) => each !== right);
  const { singular, plural } = verbs.find((each) => isForm(each, right))!;
  return [singular === right ? plural : singular];
}

function isForm({ singular, plural }: Noun | Verb, word: string): boolean {
  return word === singular || word === plural;
}
