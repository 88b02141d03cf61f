import { byteLevelText, withBytes } from "./byte-decoders.js";
import { type Fields, type Readers, readPart } from "./fields.js";
import { matchesOf, replaced } from "./matches.js";
import { readMetaspace } from "./metaspace.js";
import { readPattern } from "./read-pattern.js";

/** A step from tokens to text; the text is what the last one gives, joined. */
export type Decoder = (tokens: readonly string[]) => readonly string[];

/** The decoder of a `tokenizer.json`. */
export function readDecoder(fields: Fields): Decoder {
  return readPart(fields, readers);
}

const readers: Readers<Decoder> = {
  BPEDecoder: bpeDecoder,
  ByteFallback: () => withBytes,
  ByteLevel: byteLevel,
  CTC: ctc,
  Fuse: () => (tokens) => [tokens.join("")],
  Metaspace: metaspace,
  Replace: replace,
  Sequence: sequence,
  Strip: strip,
  WordPiece: wordPiece,
};

/** The suffix that ends a word becomes a space. */
function bpeDecoder(fields: Fields): Decoder {
  const suffix = fields.string("suffix");
  return (tokens) => tokens.map((token, at) => replaceText(token, suffix, at === tokens.length - 1 ? "" : " "));
}

/** Replaces every occurrence; the empty text occurs before each character and at the end. */
function replaceText(text: string, sought: string, content: string): string {
  return sought === "" ? ["", ...Array.from(text), ""].join(content) : text.replaceAll(sought, () => content);
}

function byteLevel(fields: Fields): Decoder {
  // The library's decoder reads none of these.
  for (const name of ["add_prefix_space", "trim_offsets"]) fields.boolean(name);
  fields.boolean("use_regex", true);
  return (tokens) => [byteLevelText(tokens)];
}

/** One token of each run, without the padding of a model of speech. Source: Graves et al. 2006. */
function ctc(fields: Fields): Decoder {
  const padding = fields.string("pad_token");
  const delimiter = fields.string("word_delimiter_token");
  const cleans = fields.boolean("cleanup");
  return (tokens) =>
    tokens
      .filter((token, at) => token !== tokens[at - 1])
      .map((token) => replaceText(token, padding, ""))
      .map((token) => (cleans ? replaceText(cleaned(token), delimiter, " ") : token))
      .filter((token) => token !== "");
}

function metaspace(fields: Fields): Decoder {
  const { replacement, scheme } = readMetaspace(fields);
  return (tokens) => tokens.map((token, at) => token.replaceAll(replacement, at === 0 && scheme !== "never" ? "" : " "));
}

function replace(fields: Fields): Decoder {
  const pattern = readPattern(fields, "pattern");
  const content = fields.string("content");
  return (tokens) => tokens.map((token) => replaced(token, matchesOf(pattern, token), content));
}

function sequence(fields: Fields): Decoder {
  const decoders = fields.objects("decoders").map(readDecoder);
  return (tokens) => decoders.reduce((result, decoder) => decoder(result), tokens);
}

/** Removes up to `start` and `stop` of a character at the ends of each token. */
function strip(fields: Fields): Decoder {
  const content = fields.character("content");
  const start = fields.integer("start");
  const stop = fields.integer("stop");
  return (tokens) =>
    tokens.map((token) => {
      let [from, to] = [0, token.length];
      for (let count = 0; count < start && token.startsWith(content, from); count++) from += content.length;
      for (let count = 0; count < stop && to > from && token.endsWith(content, to); count++) to -= content.length;
      return token.slice(from, to);
    });
}

function wordPiece(fields: Fields): Decoder {
  const prefix = fields.string("prefix");
  const cleans = fields.boolean("cleanup");
  const joined = (token: string, at: number) => {
    if (at === 0) return token;
    return token.startsWith(prefix) ? token.slice(prefix.length) : ` ${token}`;
  };
  return (tokens) => tokens.map(joined).map((token) => (cleans ? cleaned(token) : token));
}

const artefacts = [" .", " ?", " !", " ,", " ' ", " n't", " 'm", " do not", " 's", " 've", " 're"] as const;
const repairs: Readonly<Record<string, string>> = { " ' ": "'", " do not": " don't" };

const anyArtefact = / (?:[.?!,]|' |n't|'m|do not|'s|'ve|'re)/;

/** Without the spaces that tokenization puts before signs and contractions, one kind after another. */
function cleaned(text: string): string {
  if (!anyArtefact.test(text)) return text;
  return artefacts.reduce((result, artefact) => result.replaceAll(artefact, repairs[artefact] ?? artefact.slice(1)), text);
}
