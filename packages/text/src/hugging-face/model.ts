import { bpe } from "./bpe.js";
import { type Fields, type Readers, readPart, refusePart } from "./fields.js";
import { unigram } from "./unigram.js";
import type { Vocabulary } from "./vocabulary.js";
import { wordLevel, wordPiece } from "./word-piece.js";

/** Splits a piece of text into tokens. */
export interface Model {
  readonly vocabulary: Vocabulary;
  /** The ids of a piece; the same array for the same piece. */
  readonly ids: (piece: string) => readonly number[];
}

/** The model of a `tokenizer.json`. Older files have no `type`: a BPE is known by its merges, a Unigram by its list of scores. */
export function readModel(fields: Fields): Model {
  if (fields.raw("type") !== undefined) return remembering(readPart(fields, readers));
  const { read } =
    legacy.find(({ field }) => fields.raw(field) !== undefined) ?? refusePart(fields.at("type"), "BPE, WordPiece, …", undefined);
  const model = read(fields);
  fields.end();
  return remembering(model);
}

const readers: Readers<Model> = { BPE: bpe, WordPiece: wordPiece, WordLevel: wordLevel, Unigram: unigram };

const legacy = [
  { field: "merges", read: bpe },
  { field: "max_input_chars_per_word", read: wordPiece },
  { field: "unk_token", read: wordLevel },
  { field: "unk_id", read: unigram },
] as const;

const maxRemembered = 10_000;

/** Remembers the ids of short pieces, which are mostly words that come again. */
function remembering(model: Model): Model {
  const known = new Map<string, readonly number[]>();
  const ids = (piece: string): readonly number[] => {
    const before = known.get(piece);
    if (before !== undefined) return before;
    const result = model.ids(piece);
    if (piece.length < 256 && known.size < maxRemembered) known.set(piece, result);
    return result;
  };
  return { vocabulary: model.vocabulary, ids };
}
