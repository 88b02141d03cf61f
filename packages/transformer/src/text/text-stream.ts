import type { Tokenizer } from "@tfblocks/transformer/text";

/** The text of ids that come one by one, without halves of characters. */
export class TextStream {
  readonly #tokenizer: Tokenizer;
  readonly #special: ReadonlySet<number>;
  readonly #ids: number[];
  #given: string;

  /** @param before ids whose text is there already */
  constructor(tokenizer: Tokenizer, before: readonly number[]) {
    this.#tokenizer = tokenizer;
    this.#special = new Set(Object.values(tokenizer.specialIds));
    this.#ids = this.#spoken(before);
    this.#given = tokenizer.decode(this.#ids);
  }

  /** The new text that an id brings; nothing while a character is half there, or where the token stands for no text. */
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
