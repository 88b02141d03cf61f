import {
  controlMissing,
  markExtra,
  markMissing,
  newer,
  nonspacingExtra,
  nonspacingMissing,
  normalizationMissing,
  punctuationExtra,
  punctuationMissing,
} from "./unicode-ranges.js";

/**
 * Sets of characters as Hugging Face's `tokenizers` knows them, in the syntax of a character class with the flag `v`.
 * Its parts follow different versions of Unicode: the differences are in unicode-ranges.ts.
 */
const written = (ranges: string) => `[${ranges.replace(/[0-9a-f]+/g, "\\u{$&}").replaceAll(" ", "")}]`;

/** A set as of Unicode 16: without the characters that came later. */
export const asOfUnicode16 = (set: string): string => `[${set}--${written(newer)}]`;

/** White_Space: of Rust, of its regex crate and of Oniguruma's `\s`. It has U+0085 and not U+FEFF; JavaScript's has it the other way. */
export const space = "\\p{White_Space}";
/** Punctuation of the `unicode_categories` crate, and of ASCII. */
export const punctuation: string = `[[\\p{P}\\u{21}-\\u{2f}\\u{3a}-\\u{40}\\u{5b}-\\u{60}\\u{7b}-\\u{7e}${written(punctuationExtra)}]--${written(punctuationMissing)}]`;
/** `char::is_numeric` of Rust. */
export const numeric = "\\p{N}";
/** `\w` of the regex crate. */
export const word: string = asOfUnicode16("[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}]");
/** What BERT's cleaning removes; tabs and line ends become spaces. */
export const control: string = `[[\\p{Cc}\\p{Cf}\\p{Co}\\u{fffd}]--[\\t\\n\\r]--${written(controlMissing)}]`;
/** Nonspacing marks of the `unicode_categories` crate. */
export const nonspacingMark: string = `[[\\p{Mn}${written(nonspacingExtra)}]--${written(nonspacingMissing)}]`;
/** Marks of the `unicode-normalization-alignments` crate. */
export const mark: string = `[[\\p{M}${written(markExtra)}]--${written(markMissing)}]`;
/** Ideographs that BERT surrounds with spaces: the blocks, with the gap that the library has. */
export const ideograph =
  "[\\u{3400}-\\u{4dbf}\\u{4e00}-\\u{9fff}\\u{f900}-\\u{faff}\\u{20000}-\\u{2a6df}\\u{2a700}-\\u{2b81f}\\u{2b920}-\\u{2ceaf}\\u{2f800}-\\u{2fa1f}]";
/** What no normal form of the library changes. */
const notNormalized: string = written(normalizationMissing);

/** A regular expression over sets of characters. */
export const over = (source: string, flags = "gv"): RegExp => new RegExp(source, flags);

type Form = "NFC" | "NFD" | "NFKC" | "NFKD";

const unknownToForms = over(`(${notNormalized})`, "v");

/** A normal form of Unicode, as the library's tables have it: characters they do not know stay, and nothing moves across them. */
export function normalForm(text: string, form: Form): string {
  if (!unknownToForms.test(text)) return text.normalize(form);
  return text
    .split(unknownToForms)
    .map((part, at) => (at % 2 === 0 ? part.normalize(form) : part))
    .join("");
}
