import type { Random } from "@tfblocks/tensor-utils";
import { isHeldOut } from "../held-out.js";
import {
  adjectives,
  adverbs,
  animals,
  brackets,
  determiners,
  intransitive,
  type Noun,
  nouns,
  type Number,
  people,
  prepositions,
  transitive,
  type Verb,
} from "./lexicon.js";

/** Why one word depends on an earlier one. */
export type ArcKind = "agreement" | "bracket" | "reflexive";

/**
 * A dependency on an earlier word: of a verb on its subject, a closing bracket on its opening bracket, a reflexive on
 * its antecedent.
 */
export interface Arc {
  readonly kind: ArcKind;
  /** Index of the word that depends. */
  readonly from: number;
  /** Index of the word that it depends on, less than `from`. */
  readonly to: number;
}

/** A sentence with its parse. */
export interface Sentence {
  readonly words: readonly string[];
  readonly arcs: readonly Arc[];
}

const maxDepth = 2;
const maxLength = 32;

/**
 * A random sentence of the grammar:
 *
 * - Sentence → NounPhrase Predicate "."
 * - NounPhrase → Determiner (Adjective) Noun (Modifier)
 * - Modifier → Modification | Opening Modification Closing
 * - Modification → Preposition NounPhrase | "that" Predicate | "that" NounPhrase Transitive
 * - Predicate → Intransitive (Adverb) | Transitive NounPhrase | Transitive Reflexive
 *
 * A verb agrees in number with its subject, which in "that" Predicate is the noun before "that"; a reflexive agrees with
 * the subject of its verb in number and gender.
 *
 * @param heldOut whether to draw from the held-out tenth of sentences, which no model is trained on
 */
export function drawSentence(random: Random, heldOut: boolean): Sentence {
  for (;;) {
    const sentence = new Writer(random).sentence();
    if (sentence.words.length <= maxLength && isHeldOut(sentence.words.join(" ")) === heldOut) return sentence;
  }
}

/** A noun in a sentence. */
interface Head {
  readonly at: number;
  readonly noun: Noun;
  readonly number: Number;
}

class Writer {
  readonly #random: Random;
  readonly #words: string[] = [];
  readonly #arcs: Arc[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  sentence(): Sentence {
    const subject = this.#nounPhrase([...people, ...animals], 0);
    this.#predicate(subject, 0);
    this.#add(".");
    return { words: this.#words, arcs: this.#arcs };
  }

  #nounPhrase(among: readonly Noun[], depth: number): Head {
    this.#add(this.#one(determiners));
    if (this.#chance(0.25)) this.#add(this.#one(adjectives));
    const [noun, number] = [this.#one(among), this.#chance(0.5) ? "singular" : "plural"] as const;
    const head: Head = { at: this.#add(noun[number]), noun, number };
    if (depth < maxDepth && this.#chance([0.75, 0.35][depth]!)) this.#modifier(head, depth + 1);
    return head;
  }

  #modifier(head: Head, depth: number): void {
    if (this.#chance(0.5)) return this.#modification(head, depth);
    const [opening, closing] = this.#one(brackets);
    const to = this.#add(opening);
    this.#modification(head, depth);
    this.#depend("bracket", this.#add(closing), to);
  }

  #modification(head: Head, depth: number): void {
    if (this.#chance(0.5)) {
      this.#add(this.#one(prepositions));
      this.#nounPhrase(nouns, depth);
      return;
    }
    this.#add("that");
    if (this.#isAlive(head.noun) && this.#chance(0.5)) return this.#predicate(head, depth);
    this.#verb(this.#one(transitive), this.#nounPhrase([...people, ...animals], depth));
  }

  #predicate(subject: Head, depth: number): void {
    if (this.#chance(0.45)) {
      this.#verb(this.#one(intransitive), subject);
      if (this.#chance(0.2)) this.#add(this.#one(adverbs));
      return;
    }
    this.#verb(this.#one(transitive), subject);
    if (subject.noun.reflexive !== undefined && this.#chance(0.5)) return this.#reflexive(subject, subject.noun.reflexive);
    this.#nounPhrase(nouns, depth + 1);
  }

  #verb(verb: Verb, subject: Head): void {
    this.#depend("agreement", this.#add(verb[subject.number]), subject.at);
  }

  #reflexive({ at, number }: Head, singular: string): void {
    this.#depend("reflexive", this.#add(number === "plural" ? "themselves" : singular), at);
  }

  #isAlive(noun: Noun): boolean {
    return people.includes(noun) || animals.includes(noun);
  }

  /** Appends a word. @returns its index */
  #add(word: string): number {
    return this.#words.push(word) - 1;
  }

  #depend(kind: ArcKind, from: number, to: number): void {
    this.#arcs.push({ kind, from, to });
  }

  #one<Item>(items: readonly Item[]): Item {
    return items[this.#random.integer(items.length)]!;
  }

  #chance(probability: number): boolean {
    return this.#random.uniform() < probability;
  }
}
