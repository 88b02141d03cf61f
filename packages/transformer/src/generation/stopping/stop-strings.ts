import { checkOptions, describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { GenerationContext } from "../context.js";
import type { StopRule } from "./finish.js";

/** Strings that end a row, with the tokenizer that tells the text of ids. */
export interface StopStrings {
  readonly strings: readonly string[];
  /** For example a `Tokenizer` of `@tfblocks/text`. */
  readonly tokenizer: { decode(ids: readonly number[]): string };
}

/** Ids before the string, so that it does not matter that some tokenizers treat the first id of a text differently. */
const idsBefore = 8;

/**
 * A rule that ends a row when the newest token completes one of the strings. A string may begin in the prompt, lie across any
 * number of tokens, share a token with other text and contain characters of several tokens, as in transformers. Only the end
 * of the row is decoded.
 *
 * @throws ValueError when there is no string, or one is empty
 */
export function stopStrings(options: StopStrings): StopRule {
  const { strings, tokenizer } = checkOptions("stopStrings", options, { strings: true, tokenizer: true });
  checkStrings(strings);
  if (typeof tokenizer?.decode !== "function") {
    refuse(ValueError, "stopStrings", "tokenizer", "an object with a decode method", describeValue(tokenizer));
  }
  // A token has at least one byte of the text, unless it is special.
  const bytes = Math.max(...strings.map((each) => new TextEncoder().encode(each).length));
  return ({ ids }: GenerationContext) => {
    const { end, text } = endOf(ids, bytes + idsBefore, tokenizer);
    const known = Math.max(...bytesBefore.map((count) => commonLength(text, tokenizer.decode(end.slice(0, -count)))));
    return strings.some((each) => text.includes(each, Math.max(0, known - each.length + 1)));
  };
}

/**
 * How many ids the newest character may have: one for each byte. Without its last byte, all tokens such as `<0xE2>` before it may
 * decode as U+FFFD, so that text which is known only shows without its other bytes too.
 */
const bytesBefore = [1, 2, 3, 4] as const;

/** At least the last `count` ids, and more while their text begins inside a character, since tokens such as `<0xE2>` decode as a group. */
function endOf(ids: readonly number[], count: number, tokenizer: StopStrings["tokenizer"]): { end: readonly number[]; text: string } {
  const end = ids.slice(-count);
  const text = tokenizer.decode(end);
  return text.startsWith("\uFFFD") && count < ids.length ? endOf(ids, 2 * count, tokenizer) : { end, text };
}

function checkStrings(strings: readonly string[]): void {
  if (!Array.isArray(strings) || strings.length === 0) {
    refuse(ValueError, "stopStrings", "strings", "an array with at least one string", describeValue(strings));
  }
  for (const [index, each] of strings.entries()) {
    if (typeof each !== "string" || each === "") {
      refuse(ValueError, "stopStrings", `strings[${index}]`, "a string that is not empty", describeValue(each));
    }
  }
}

/** The length of the text that two texts begin with; an incomplete character at the end of one differs from the complete one. */
function commonLength(a: string, b: string): number {
  let length = 0;
  while (length < Math.min(a.length, b.length) && a[length] === b[length]) length++;
  return length;
}
