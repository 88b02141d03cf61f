import type { Arc } from "../sentence.js";

// A second implementation of the grammar, from its documentation: separate word lists, and a parser instead of a generator.
const list = (text: string) => text.split(" ");
const singularNouns = list("boy man king girl woman queen dog cat bird fox tree house river hill");
const pluralNouns = list("boys men kings girls women queens dogs cats birds foxes trees houses rivers hills");
const he = list("boy man king");
const she = list("girl woman queen");
const things = list("tree trees house houses river rivers hill hills");
const [singularIntransitive, pluralIntransitive] = [list("runs sleeps sings waits jumps"), list("run sleep sing wait jump")];
const [singularTransitive, pluralTransitive] = [list("sees chases likes hears admires"), list("see chase like hear admire")];
const closing: Record<string, string> = { "(": ")", "[": "]", "{": "}" };

/**
 * Parses a sentence by recursive descent.
 *
 * @returns its arcs, ordered by `from`
 * @throws Error when the sentence is not in the grammar
 */
export function parse(words: readonly string[]): Arc[] {
  const reader = new Reader(words);
  reader.sentence();
  return reader.arcs.toSorted((a, b) => a.from - b.from);
}

class Reader {
  readonly words: readonly string[];
  readonly arcs: Arc[] = [];
  #at = 0;

  constructor(words: readonly string[]) {
    this.words = words;
  }

  sentence(): void {
    const subject = this.nounPhrase();
    if (things.includes(this.words[subject]!)) throw new Error("a thing as the subject");
    this.predicate(subject);
    this.take(["."]);
    if (this.#at !== this.words.length) throw new Error("words after the end");
  }

  nounPhrase(): number {
    this.take(["the", "my"]);
    if (this.sees(list("old young small big quick quiet"))) this.#at++;
    const head = this.take([...singularNouns, ...pluralNouns]);
    if (this.sees(Object.keys(closing))) {
      const to = this.#at++;
      this.modification(head);
      this.arcs.push({ kind: "bracket", from: this.take([closing[this.words[to]!]!]), to });
    } else if (this.sees(list("near behind with beside that"))) this.modification(head);
    return head;
  }

  modification(head: number): void {
    const isClause = this.words[this.#at++] === "that";
    if (!isClause) return void this.nounPhrase();
    if (!this.sees(["the", "my"])) return this.predicate(head);
    const subject = this.nounPhrase();
    this.verb(subject, singularTransitive, pluralTransitive);
  }

  predicate(subject: number): void {
    if (this.sees([...singularIntransitive, ...pluralIntransitive])) {
      this.verb(subject, singularIntransitive, pluralIntransitive);
      if (this.sees(["today", "again"])) this.#at++;
      return;
    }
    this.verb(subject, singularTransitive, pluralTransitive);
    if (!this.sees(list("himself herself themselves"))) return void this.nounPhrase();
    this.arcs.push({ kind: "reflexive", from: this.take([reflexiveOf(this.words[subject]!)]), to: subject });
  }

  verb(subject: number, singular: readonly string[], plural: readonly string[]): void {
    const forms = singularNouns.includes(this.words[subject]!) ? singular : plural;
    this.arcs.push({ kind: "agreement", from: this.take(forms), to: subject });
  }

  sees(among: readonly string[]): boolean {
    return among.includes(this.words[this.#at] ?? "");
  }

  take(among: readonly string[]): number {
    if (!this.sees(among)) throw new Error(`expected one of ${among.join(" ")} at ${this.#at} of "${this.words.join(" ")}"`);
    return this.#at++;
  }
}

function reflexiveOf(noun: string): string {
  if (he.includes(noun)) return "himself";
  if (she.includes(noun)) return "herself";
  if (pluralNouns.includes(noun) && !things.includes(noun)) return "themselves";
  throw new Error(`${noun} has no reflexive`);
}
