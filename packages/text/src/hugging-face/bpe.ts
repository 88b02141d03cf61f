import { refuse, ValueError } from "@tfblocks/tensor-utils";
import { type Fields, integerAt, refusePart, refuseUnsupported } from "./fields.js";
import { type Merges, mergedIds } from "./merged-ids.js";
import type { Model } from "./model.js";
import { readVocabulary, type Vocabulary } from "./vocabulary.js";

/** What becomes of characters without a token. */
interface Unknown {
  readonly token: string | undefined;
  /** Whether neighbours become one unknown token. */
  readonly isFused: boolean;
  /** Whether such a character becomes its bytes, "<0x0A>" and so on, if the vocabulary has all of them. */
  readonly hasBytes: boolean;
}

/** Byte pair encoding: the characters of a piece, joined pair by pair in the order of the merges. Source: Sennrich et al. 2016. */
export function bpe(fields: Fields): Model {
  checkDropout(fields);
  const unknown = {
    token: fields.optionalString("unk_token"),
    isFused: fields.boolean("fuse_unk", false),
    hasBytes: fields.boolean("byte_fallback", false),
  };
  const prefix = fields.optionalString("continuing_subword_prefix") ?? "";
  const suffix = fields.optionalString("end_of_word_suffix") ?? "";
  const takesWhole = fields.boolean("ignore_merges", false);
  const vocabulary = readVocabulary(fields);
  const merges = readMerges(fields, vocabulary, prefix);
  const ids = (piece: string): number[] => {
    const whole = takesWhole ? vocabulary.id(piece) : undefined;
    return whole === undefined ? mergedIds(characterIds(vocabulary, piece, prefix, suffix, unknown), merges) : [whole];
  };
  return { vocabulary, ids };
}

function checkDropout(fields: Fields): void {
  const dropout = fields.raw("dropout");
  if (dropout === undefined || dropout === 0) return;
  if (typeof dropout !== "number") refusePart(fields.at("dropout"), "a number from 0 to 1", dropout);
  refuseUnsupported(fields.at("dropout"), `${dropout}, which leaves out merges at random`);
}

function readMerges(fields: Fields, vocabulary: Vocabulary, prefix: string): Merges {
  const width = vocabulary.largestId() + 1;
  if (width > 2 ** 26) refusePart(fields.at("vocab"), "ids below 2^26 for merges", width - 1);
  const merges: Merges = { width, ranks: new Map(), results: [] };
  const pairs = fields.list("merges").filter((pair) => typeof pair !== "string" || !pair.startsWith("#version"));
  integerAt(`${fields.at("merges")}.length`, pairs.length, 0, 2 ** 21);
  pairs.forEach((pair, rank) => {
    const fail = (expected: string): never => refusePart(`${fields.at("merges")}[${rank}]`, expected, pair);
    const [first, second] = pairOf(pair) ?? fail('two tokens: "first second" or ["first", "second"]');
    if (!second.startsWith(prefix)) fail(`a pair whose second token begins with "${prefix}"`);
    const id = (token: string) => vocabulary.id(token) ?? fail("a pair of tokens whose join is a token");
    merges.ranks.set(id(first) * width + id(second), rank);
    merges.results.push(id(first + second.slice(prefix.length)));
  });
  return merges;
}

function pairOf(pair: unknown): [string, string] | undefined {
  const parts: unknown = typeof pair === "string" ? pair.split(" ") : pair;
  const isPair = Array.isArray(parts) && parts.length === 2 && typeof parts[0] === "string" && typeof parts[1] === "string";
  return isPair ? (parts as [string, string]) : undefined;
}

const encoder = new TextEncoder();

/** The ids of the characters before any merge. */
function characterIds(vocabulary: Vocabulary, piece: string, prefix: string, suffix: string, unknown: Unknown): number[] {
  const ids: number[] = [];
  let pending: number | undefined; // an unknown token that more characters may join
  let start = 0;
  for (const character of piece) {
    const end = start + character.length;
    const symbol = (start > 0 ? prefix : "") + character + (end === piece.length ? suffix : "");
    start = end;
    const id = vocabulary.id(symbol);
    if (id !== undefined) {
      if (pending !== undefined) ids.push(pending);
      pending = undefined;
      ids.push(id);
      continue;
    }
    // As in the library, bytes do not end a run of unknown characters: its token comes after them.
    const bytes = unknown.hasBytes ? byteIds(vocabulary, symbol) : undefined;
    if (bytes !== undefined) ids.push(...bytes);
    else if (unknown.token !== undefined) {
      if (pending !== undefined && !unknown.isFused) ids.push(pending);
      pending ??= unknownId(vocabulary, unknown.token, character);
    }
  }
  if (pending !== undefined) ids.push(pending);
  return ids;
}

/** The tokens of the bytes of a text, if the vocabulary has all of them. */
export function byteIds(vocabulary: Vocabulary, text: string): number[] | undefined {
  const ids = Array.from(encoder.encode(text), (byte) => vocabulary.id(`<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`));
  return ids.every((id) => id !== undefined) ? ids : undefined;
}

function unknownId(vocabulary: Vocabulary, token: string, character: string): number {
  const advice = `the model's unk_token ${JSON.stringify(token)} is not in the vocabulary either`;
  return (
    vocabulary.id(token) ??
    refuse(ValueError, "Tokenizer.encode", "text", "characters of the vocabulary", JSON.stringify(character), advice)
  );
}
