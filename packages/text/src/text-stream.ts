import type { Tokenizer } from "./tokenizer.js";

/**
 * The text of ids that arrive one by one, in complete characters: a token may be only some of the bytes of a character.
 *
 * @example
 * ```ts
 * import { TextStream, trainByteLevelBpe } from "@tfblocks/text";
 * import { loadTokenizer } from "@tfblocks/text/hugging-face";
 * const tokenizer = loadTokenizer(await trainByteLevelBpe("a cat", { vocabSize: 256 })); // a token for each byte
 * const stream = new TextStream(tokenizer);
 * for (const id of tokenizer.encode("a 🐈")) stream.add(id); // "a", " ", "", "", "", "🐈"
 * ```
 */
export class TextStream {
  readonly #tokenizer: Tokenizer;
  readonly #special: ReadonlySet<number>;
  readonly #ids: number[];
  #returned: string;

  /** @param before ids whose text is known already, for example those of the prompt; default none */
  constructor(tokenizer: Tokenizer, before: readonly number[] = []) {
    this.#tokenizer = tokenizer;
    this.#special = new Set(Object.values(tokenizer.specialIds));
    this.#ids = this.#withoutSpecial(before);
    this.#returned = tokenizer.decode(this.#ids);
  }

  /**
   * The new text after an id. It is empty while a character is incomplete, and for special tokens.
   *
   * @throws ValueError when the id is not the id of a token
   */
  add(id: number): string {
    this.#ids.push(...this.#withoutSpecial([id]));
    const text = this.#tokenizer.decode(this.#ids);
    if (text.endsWith("\uFFFD")) return "";
    const added = text.slice(this.#returned.length);
    this.#returned = text;
    return added;
  }

  #withoutSpecial(ids: readonly number[]): number[] {
    return ids.filter((id) => !this.#special.has(id));
  }
}
