import type { Tokenizer } from "./tokenizer.js";

/** Enough ids to decode those after them as the whole list would: a character has at most four bytes, so at most four ids. */
const enoughIds = 16;

/**
 * The text of ids that arrive one by one, in complete characters: a token may be only some of the bytes of a character.
 *
 * All pieces and `flush()` together are what the text of all ids adds to the text of `before`. If `before` ends inside a
 * character, its text ends with U+FFFD; when the missing bytes arrive, the whole character is part of the stream.
 *
 * Two endings are held back until the next token or `flush()`: U+FFFD, which may be an incomplete character, and tokens
 * such as `<0xE2>`, which decode as a group. The time for a token does not depend on the number of tokens before it,
 * because only the last few ids are decoded again. That is exact for every decoder of a `tokenizer.json` whose tokens
 * change no earlier text; a decoder that rewrites text across tokens, as a `Replace` after `Fuse` may, is not covered.
 *
 * @example
 * ```ts
 * import { TextStream, trainByteLevelBpe } from "@tfblocks/text";
 * import { loadTokenizer } from "@tfblocks/text/hugging-face";
 * const tokenizer = loadTokenizer(await trainByteLevelBpe("a cat", { vocabSize: 256 })); // a token for each byte
 * const stream = new TextStream(tokenizer);
 * for (const id of tokenizer.encode("a 🐈")) stream.add(id); // "a", " ", "", "", "", "🐈"
 * stream.flush(); // "": nothing was held back
 * ```
 */
export class TextStream {
  readonly #tokenizer: Tokenizer;
  readonly #special: ReadonlySet<number>;
  /** The last ids, enough to decode the next one. */
  #window: number[];
  /** The window's ids from here on are enough once their text is complete and not empty. */
  #fresh = 0;
  /** The start of the window's text that was returned, or that `before` already had. */
  #known: string;

  /** @param before ids whose text is known already, for example those of the prompt; default none */
  constructor(tokenizer: Tokenizer, before: readonly number[] = []) {
    this.#tokenizer = tokenizer;
    this.#special = new Set(Object.values(tokenizer.specialIds));
    this.#window = this.#end(before.filter((id) => !this.#special.has(id)));
    this.#known = tokenizer.decode(this.#window);
  }

  /**
   * The new text after an id. It is empty while a character is incomplete, and for special tokens.
   *
   * @throws ValueError when the id is not the id of a token
   */
  add(id: number): string {
    if (this.#special.has(id)) return "";
    const isByte = this.#isByte(id);
    this.#window.push(id);
    if (isByte) return "";
    const text = this.#tokenizer.decode(this.#window);
    const piece = this.#take(text, completeLength(text));
    this.#shorten(text);
    return piece;
  }

  /**
   * The text that was held back: call it after the last id. An incomplete character is U+FFFD.
   *
   * If more ids follow, the stream continues as a new one that was given all ids so far as `before`.
   */
  flush(): string {
    const text = this.#tokenizer.decode(this.#window);
    return this.#take(text, text.length);
  }

  #take(text: string, end: number): string {
    const start = sharedLength(this.#known, text);
    if (end <= start) return "";
    this.#known = text.slice(0, end);
    return text.slice(start, end);
  }

  #shorten(text: string): void {
    const isComplete = completeLength(text) === text.length;
    if (isComplete && this.#known === text) {
      const recent = this.#window.slice(this.#fresh);
      const recentText = this.#tokenizer.decode(recent);
      if (recentText === "") return; // the first token may lose a space, so it must not be the next one
      [this.#window, this.#known, this.#fresh] = [recent, recentText, recent.length];
    } else if (this.#window.length > 4 * enoughIds && text.startsWith(this.#known)) {
      const heldBack = text.length - this.#known.length;
      this.#window = this.#end(this.#window);
      const shorter = this.#tokenizer.decode(this.#window);
      this.#known = shorter.slice(0, shorter.length - heldBack);
      this.#fresh = 0;
    }
  }

  /** The last ids, from outside a group of byte tokens on, with a text that is not empty. */
  #end(ids: readonly number[]): number[] {
    for (let count = enoughIds; count < ids.length; count *= 2) {
      let start = ids.length - count;
      while (start > 0 && this.#isByte(ids[start - 1]!)) start--;
      const end = ids.slice(start);
      if (completeLength(this.#tokenizer.decode(end)) > 0) return end;
    }
    return [...ids];
  }

  #isByte(id: number): boolean {
    return /^<0x[\dA-F]{2}>$/i.test(this.#tokenizer.tokens([id])[0]!);
  }
}

/** The length without an incomplete character: up to three U+FFFD, one for each byte, or half a surrogate pair. */
function completeLength(text: string): number {
  return text.length - /(?:\uFFFD{1,3}|[\uD800-\uDBFF])?$/.exec(text)![0].length;
}

/** The number of UTF-16 units at the start that are the same in both, without half a character of the second. */
function sharedLength(first: string, second: string): number {
  if (second.startsWith(first) && !isInsidePair(second, first.length)) return first.length;
  let length = 0;
  while (length < first.length && first[length] === second[length]) length++;
  return isInsidePair(second, length) ? length - 1 : length;
}

function isInsidePair(text: string, at: number): boolean {
  return at > 0 && text.codePointAt(at - 1)! > 0xffff;
}
