import type { Tokenizer } from "./tokenizer.js";

/**
 * The text of ids that come one by one, without halves of characters: a token may be some of a character's bytes.
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
  #given: string;

  /** @param before ids whose text is there already, such as the prompt's; default none */
  constructor(tokenizer: Tokenizer, before: readonly number[] = []) {
    this.#tokenizer = tokenizer;
    this.#special = new Set(Object.values(tokenizer.specialIds));
    this.#ids = this.#spoken(before);
    this.#given = tokenizer.decode(this.#ids);
  }

  /**
   * The new text that an id brings; nothing while a character is half there, or where the token stands for no text.
   *
   * @throws ValueError when the id is no token
   */
  add(id: number): string {
    this.#ids.push(...this.#spoken([id]));
    const text = this.#tokenizer.decode(this.#ids);
    if (text.endsWith("\uFFFD")) return "";
    const fresh = text.slice(this.#given.length);
    this.#given = text;
    return fresh;
  }

  #spoken(ids: readonly number[]): number[] {
    return ids.filter((id) => !this.#special.has(id));
  }
}
