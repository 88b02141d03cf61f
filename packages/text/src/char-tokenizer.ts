import { checkOptions, describeValue, type OptionNames, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { Tokenizer } from "./tokenizer.js";
import { tokensOf } from "./ids.js";

/** Options of {@link CharTokenizer}, which are also its JSON. */
export interface CharTokenizerOptions {
  /** The characters; the id of each is its index. A string is split into code points. */
  readonly alphabet: string | readonly string[];
  /** A token for all other characters, with the last id; default none, so that `encode` rejects other characters. */
  readonly unknown?: string | undefined;
}

const optionNames: OptionNames<CharTokenizerOptions> = { alphabet: true, unknown: true };

/**
 * A tokenizer with one token for each character (Unicode code point) of an alphabet.
 *
 * @example
 * ```ts
 * import { CharTokenizer } from "@tfblocks/text";
 * const tokenizer = CharTokenizer.fromText("hello world");
 * const ids = tokenizer.encode("hold"); // [4, 6, 5, 2]
 * tokenizer.decode(ids); // "hold"
 * ```
 */
export class CharTokenizer implements Tokenizer {
  readonly specialIds: Readonly<Record<string, number>>;
  readonly #tokens: readonly string[];
  readonly #ids: ReadonlyMap<string, number>;
  readonly #unknown: string | undefined;

  /**
   * @throws ValueError when the alphabet is empty, repeats a character or has an entry of several, the unknown token is
   *   not a string, or an option is unknown
   */
  constructor(options: CharTokenizerOptions) {
    const { alphabet, unknown } = checkOptions("CharTokenizer", options, optionNames);
    const characters = checkAlphabet(alphabet);
    if (unknown !== undefined && typeof unknown !== "string") {
      refuse(ValueError, "CharTokenizer", "unknown", "a string", describeValue(unknown));
    }
    this.#unknown = unknown;
    this.#tokens = unknown === undefined ? characters : [...characters, unknown];
    this.#ids = new Map(characters.map((character, id) => [character, id]));
    this.specialIds = unknown === undefined ? {} : { [unknown]: characters.length };
  }

  /** A tokenizer for the characters of a text, in the order of their code points. @throws ValueError as the constructor */
  static fromText(text: string, options: Pick<CharTokenizerOptions, "unknown"> = {}): CharTokenizer {
    const { unknown } = checkOptions("CharTokenizer.fromText", options, { unknown: true });
    const alphabet = [...new Set(text)].toSorted((a, b) => a.codePointAt(0)! - b.codePointAt(0)!);
    return new CharTokenizer({ alphabet, unknown });
  }

  /** A tokenizer from the parsed result of `JSON.stringify(tokenizer)`. @throws ValueError as the constructor */
  static fromJSON(json: CharTokenizerOptions): CharTokenizer {
    return new CharTokenizer(json);
  }

  get vocabSize(): number {
    return this.#tokens.length;
  }

  encode(text: string, ...others: never[]): number[] {
    if (others.length > 0) refuse(ValueError, "CharTokenizer.encode", "pair", "omitted: it encodes one text", describeValue(others[0]));
    return Array.from(text, (character) => this.#ids.get(character) ?? this.#unknownId(character));
  }

  decode(ids: ArrayLike<number>): string {
    return tokensOf("CharTokenizer.decode", ids, (id) => this.#tokens[id], this.vocabSize).join("");
  }

  tokens(ids: ArrayLike<number>): string[] {
    return tokensOf("CharTokenizer.tokens", ids, (id) => this.#tokens[id], this.vocabSize);
  }

  toJSON(): CharTokenizerOptions {
    return { alphabet: [...this.#ids.keys()], ...(this.#unknown !== undefined && { unknown: this.#unknown }) };
  }

  #unknownId(character: string): number {
    if (this.#unknown !== undefined) return this.#ids.size;
    return refuse(
      ValueError,
      "CharTokenizer.encode",
      "text",
      "a string of characters in the alphabet",
      JSON.stringify(character),
      'set a token for unknown characters, for example { unknown: "\ufffd" }',
    );
  }
}

function checkAlphabet(alphabet: unknown): readonly string[] {
  const expected = "one or more distinct characters";
  if (typeof alphabet !== "string" && !Array.isArray(alphabet)) {
    refuse(ValueError, "CharTokenizer", "alphabet", expected, describeValue(alphabet));
  }
  const characters = Array.from<unknown>(alphabet);
  if (characters.length === 0) refuse(ValueError, "CharTokenizer", "alphabet", expected, "none");
  const seen = new Set<unknown>();
  for (const each of characters) {
    const isNew = seen.size < seen.add(each).size;
    if (!isNew || typeof each !== "string" || Array.from(each).length !== 1) {
      refuse(ValueError, "CharTokenizer", "alphabet", expected, isNew ? describeValue(each) : `${describeValue(each)} twice`);
    }
  }
  return characters as string[];
}
