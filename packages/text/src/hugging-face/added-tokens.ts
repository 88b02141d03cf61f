import { type Fields, integerAt, refusePart } from "./fields.js";
import { type Piece, slice } from "./piece.js";
import { normalized, type Step } from "./step.js";
import { over, space, word } from "./unicode.js";
import type { Vocabulary } from "./vocabulary.js";

/** A token that the text is searched for before the model sees it. */
interface AddedToken {
  readonly id: number;
  readonly content: string;
  /** What the text is searched for: the content, normalized if the token asks for it. */
  readonly sought: string;
  readonly isWord: boolean;
  readonly stripsLeft: boolean;
  readonly stripsRight: boolean;
  /** Whether it is sought in the normalized text. */
  readonly isNormalized: boolean;
  readonly isSpecial: boolean;
}

/** The `added_tokens` of a `tokenizer.json`. */
export class AddedTokens {
  readonly all: readonly AddedToken[];
  readonly #byId: ReadonlyMap<number, AddedToken>;
  readonly #special: ReadonlySet<string>;
  readonly #inText: Finder | undefined;
  readonly #inNormalized: Finder | undefined;

  constructor(tokens: readonly AddedToken[]) {
    this.all = tokens;
    this.#byId = new Map(tokens.map((token) => [token.id, token]));
    this.#special = new Set(tokens.filter(({ isSpecial }) => isSpecial).map(({ content }) => content));
    this.#inText = finder(tokens.filter(({ isNormalized }) => !isNormalized));
    this.#inNormalized = finder(tokens.filter(({ isNormalized }) => isNormalized));
  }

  id(content: string): number | undefined {
    return this.all.find((token) => token.content === content)?.id;
  }

  /** The text of an id when decoding: normalized, as it was sought. */
  token(id: number): string | undefined {
    return this.#byId.get(id)?.sought;
  }

  isSpecial(token: string): boolean {
    return this.#special.has(token);
  }

  /** Cuts a text at the tokens that are sought in it as it is. */
  cut(piece: Piece): Piece[] {
    return this.#inText === undefined ? [piece] : this.#inText.cut(piece);
  }

  /** Cuts a normalized text at the tokens that are sought there. */
  cutNormalized(piece: Piece): Piece[] {
    return this.#inNormalized === undefined ? [slice(piece, 0, piece.text.length)] : this.#inNormalized.cut(piece);
  }
}

/** Reads `added_tokens`. Their ids follow from the vocabulary; a file that says others contradicts itself. */
export function readAddedTokens(file: Fields, vocabulary: Vocabulary, steps: readonly Step[]): AddedTokens {
  const tokens = new Map<string, AddedToken>();
  let next = vocabulary.size;
  for (const fields of file.raw("added_tokens") === undefined ? [] : file.objects("added_tokens")) {
    const content = fields.string("content");
    const known = vocabulary.id(content) ?? tokens.get(content)?.id;
    const id = known ?? next++;
    if (integerAt(fields.at("id"), fields.raw("id"), 0, 2 ** 31 - 2) !== id) {
      const reason = known === undefined ? "the first id after the vocabulary and the tokens before" : "its id in the vocabulary";
      refusePart(fields.at("id"), `${id}, ${reason}`, fields.raw("id"));
    }
    const isSpecial = fields.boolean("special", false);
    const isNormalized = fields.boolean("normalized", !isSpecial);
    const token = {
      id,
      content,
      sought: isNormalized ? normalized(steps, content) : content,
      isWord: fields.boolean("single_word", false),
      stripsLeft: fields.boolean("lstrip", false),
      stripsRight: fields.boolean("rstrip", false),
      isNormalized,
      isSpecial: isSpecial || (tokens.get(content)?.isSpecial ?? false),
    };
    fields.end();
    if (token.sought === "") refusePart(fields.at("content"), "a text that is not empty, also when normalized", content);
    tokens.set(content, token);
  }
  return new AddedTokens(withoutTwins(file, [...tokens.values()]));
}

function withoutTwins(file: Fields, tokens: readonly AddedToken[]): readonly AddedToken[] {
  const seen = new Set<string>();
  for (const { sought, isNormalized, content } of tokens) {
    const key = `${isNormalized} ${sought}`;
    if (seen.has(key)) refusePart(file.at("added_tokens"), "tokens that differ when normalized", content);
    seen.add(key);
  }
  return tokens;
}

const finder = (tokens: readonly AddedToken[]) => (tokens.length === 0 ? undefined : new Finder(tokens));

const endsWithWord = over(`${word}$`, "v");
const startsWithWord = over(`^${word}`, "v");
const startsWithSpace = over(`^${space}*`, "v");
const isSpace = over(`^${space}$`, "v");

/** Finds tokens in a text: the leftmost first, and of those at one place the longest. */
class Finder {
  readonly #starts: RegExp;
  readonly #tokens: ReadonlyMap<string, AddedToken>;
  /** The lengths of the tokens by their first code unit, the longest first. */
  readonly #lengths = new Map<string, number[]>();

  constructor(tokens: readonly AddedToken[]) {
    this.#tokens = new Map(tokens.map((token) => [token.sought, token]));
    for (const { sought } of tokens) {
      const lengths = new Set(this.#lengths.get(sought[0]!)).add(sought.length);
      const longestFirst = [...lengths].toSorted((a, b) => b - a);
      this.#lengths.set(sought[0]!, longestFirst);
    }
    const units = [...this.#lengths.keys()].map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
    this.#starts = new RegExp(`[${units.join("")}]`, "g"); // by code unit: a token may begin with half of a pair
  }

  cut(piece: Piece): Piece[] {
    const pieces: Piece[] = [];
    const { text } = piece;
    let covered = 0;
    for (let found = this.#next(text, 0); found !== undefined; found = this.#next(text, found.end)) {
      const { token } = found;
      if (token.isWord && !isWordAlone(text, found.start, found.end)) continue;
      const start = token.stripsLeft ? Math.max(leftOfSpaces(text, found.start), covered) : found.start;
      const end = token.stripsRight ? found.end + startsWithSpace.exec(text.slice(found.end))![0].length : found.end;
      if (covered < start) pieces.push(slice(piece, covered, start));
      pieces.push(slice(piece, start, end, token.id));
      covered = end;
    }
    if (covered < text.length) pieces.push(slice(piece, covered, text.length));
    return pieces;
  }

  #next(text: string, from: number): { token: AddedToken; start: number; end: number } | undefined {
    this.#starts.lastIndex = from;
    for (let found = this.#starts.exec(text); found !== null; found = this.#starts.exec(text)) {
      const start = found.index;
      for (const length of this.#lengths.get(text[start]!)!) {
        const token = this.#tokens.get(text.slice(start, start + length));
        if (token !== undefined) return { token, start, end: start + length };
      }
    }
    return undefined;
  }
}

function isWordAlone(text: string, start: number, end: number): boolean {
  return !endsWithWord.test(text.slice(Math.max(0, start - 2), start)) && !startsWithWord.test(text.slice(end, end + 2));
}

function leftOfSpaces(text: string, end: number): number {
  let start = end;
  while (start > 0 && isSpace.test(text[start - 1]!)) start--;
  return start;
}
