import { type Fields, refusePart } from "./fields.js";
import { arranged, literally, matchesOf } from "./matches.js";
import { cut, type Piece, type Splitter, withPrefix } from "./piece.js";

const schemes = ["first", "never", "always"] as const;

/** The fields of a Metaspace, as a pre-tokenizer or a decoder. */
export function readMetaspace(fields: Fields): { replacement: string; scheme: (typeof schemes)[number]; splits: boolean } {
  const replacement = fields.character("replacement");
  const scheme = fields.choice("prepend_scheme", schemes, "always");
  const addsPrefix = fields.raw("add_prefix_space"); // an older form of the scheme
  if (addsPrefix === false && scheme !== "never") {
    refusePart(fields.at("add_prefix_space"), `true, as prepend_scheme is "${scheme}"`, false);
  }
  if (addsPrefix !== undefined) fields.boolean("add_prefix_space");
  fields.optionalString("str_rep"); // an older copy of the replacement, which the library does not read
  return { replacement, scheme, splits: fields.boolean("split", true) };
}

/** Whether what a pre-tokenizer does depends on where a piece stood in the original text. */
export const dependsOnStart = (preTokenizer: unknown): boolean => JSON.stringify(preTokenizer ?? null).includes('"prepend_scheme":"first"');

/** SentencePiece's words: a mark "▁" for each space, one before the first word by the scheme, and a cut before each mark. */
export function metaspace(fields: Fields): Splitter[] {
  const { replacement, scheme, splits } = readMetaspace(fields);
  const marks = literally(replacement);
  const prefixes = (piece: Piece) => scheme === "always" || (scheme === "first" && piece.isFirst);
  return [
    (piece) => {
      const text = piece.text.replaceAll(" ", replacement);
      const lead = Math.min(piece.text.slice(0, piece.lead).replaceAll(" ", replacement).length, text.length);
      const marked = { ...piece, text, lead };
      const whole = prefixes(piece) && !text.startsWith(replacement) ? withPrefix(marked, replacement) : marked;
      return splits ? cut(whole, arranged(matchesOf(marks, whole.text), "MergedWithNext")) : [whole];
    },
  ];
}
