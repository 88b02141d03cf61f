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
    const end = ids.slice(-(bytes + idsBefore));
    const [text, before] = [tokenizer.decode(end), tokenizer.decode(end.slice(0, -1))];
    const known = commonLength(text, before);
    return strings.some((each) => text.includes(each, Math.max(0, known - each.length + 1)));
  };
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
