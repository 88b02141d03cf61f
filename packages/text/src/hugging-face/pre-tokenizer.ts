import { spelledBytes } from "../byte-alphabet.js";
import { type Fields, type Readers, readPart, refusePart } from "./fields.js";
import { arranged, type Behavior, behaviors, inverted, literally, type Match, matchesOf } from "./matches.js";
import { metaspace } from "./metaspace.js";
import { cut, type Piece, slice, type Splitter, withPrefix } from "./piece.js";
import { readPattern } from "./read-pattern.js";
import { asOfUnicode16, numeric, over, punctuation, space, word } from "./unicode.js";

/** The pieces after all splitters; added tokens stay as they are. */
export function split(pieces: readonly Piece[], splitters: readonly Splitter[]): readonly Piece[] {
  return splitters.reduce<readonly Piece[]>(
    (result, splitter) => result.flatMap((piece) => (piece.id === undefined ? splitter(piece) : [piece])),
    pieces,
  );
}

/** The splitters of the pre-tokenizer of a `tokenizer.json`. */
export function readPreTokenizer(fields: Fields): Splitter[] {
  return readPart(fields, readers);
}

const readers: Readers<Splitter[]> = {
  BertPreTokenizer: () => [at(over(space), "Removed"), at(over(punctuation), "Isolated")],
  ByteLevel: byteLevel,
  CharDelimiterSplit: (fields) => [at(literally(fields.character("delimiter")), "Removed")],
  FixedLength: fixedLength,
  Metaspace: metaspace,
  Whitespace: () => [keep(over(`[${word}]+|[^${word}${space}]+`))],
  WhitespaceSplit: () => [at(over(space), "Removed")],
  Sequence: (fields) => fields.objects("pretokenizers").flatMap(readPreTokenizer),
  Split: splitAtPattern,
  Punctuation: (fields) => [at(over(punctuation), fields.choice("behavior", behaviors, "Isolated"))],
  Digits: (fields) => [at(over(numeric), fields.boolean("individual_digits") ? "Isolated" : "Contiguous")],
};

const at =
  (pattern: RegExp, behavior: Behavior): Splitter =>
  (piece) =>
    cut(piece, arranged(matchesOf(pattern, piece.text), behavior));

/** Keeps what a pattern matches, and removes what is between. */
const keep =
  (pattern: RegExp): Splitter =>
  (piece) =>
    cut(piece, arranged(inverted(matchesOf(pattern, piece.text)), "Removed"));

function splitAtPattern(fields: Fields): Splitter[] {
  const pattern = readPattern(fields, "pattern");
  const behavior = fields.choice("behavior", behaviors);
  const isInverted = fields.boolean("invert");
  const matches = (text: string): Match[] => (isInverted ? inverted(matchesOf(pattern, text)) : matchesOf(pattern, text));
  return [(piece) => cut(piece, arranged(matches(piece.text), behavior))];
}

const letter = asOfUnicode16("\\p{L}");
const number = asOfUnicode16("\\p{N}");

/** How GPT-2 splits a text: contractions, words, numbers and signs, each with a space before it, and spaces. Source: Radford et al. 2019. */
const gpt2 = over(`'s|'t|'re|'ve|'m|'ll|'d| ?${letter}+| ?${number}+| ?[^${space}${letter}${number}]+|${space}+(?![^${space}])|${space}+`);

function byteLevel(fields: Fields): Splitter[] {
  const addsSpace = fields.boolean("add_prefix_space");
  fields.boolean("trim_offsets"); // only moves offsets
  const splits = fields.boolean("use_regex", true) ? at(gpt2, "Isolated") : (piece: Piece) => [piece];
  const prefixed = (piece: Piece): Piece => (piece.text.startsWith(" ") ? piece : withPrefix(piece, " "));
  return [
    (piece) => splits(addsSpace ? prefixed(piece) : piece),
    (piece) => [{ ...piece, text: spelled(piece.text), lead: piece.lead === 0 ? 0 : spelled(piece.text.slice(0, piece.lead)).length }],
  ];
}

const spelled = (text: string) => (/^[!-~]*$/.test(text) ? text : spelledBytes(text).join(""));

function fixedLength(fields: Fields): Splitter[] {
  const length = fields.integer("length", 0, 2 ** 31 - 2, 5);
  if (length === 0) refusePart(fields.at("length"), "a positive integer", length);
  return [
    (piece) => {
      const pieces: Piece[] = [];
      const characters = Array.from(piece.text);
      for (let from = 0, start = 0; from < characters.length; from += length) {
        const end = start + characters.slice(from, from + length).join("").length;
        pieces.push(slice(piece, start, end));
        start = end;
      }
      return pieces;
    },
  ];
}
