import { refuse, ValueError } from "@tfblocks/tensor-utils";
import type { Fields } from "./fields.js";
import type { Model } from "./model.js";
import { readVocabulary, type Vocabulary } from "./vocabulary.js";

/** The longest token from the left, again and again; a word that does not end this way is unknown. Source: Devlin et al. 2018. */
export function wordPiece(fields: Fields): Model {
  const unknown = fields.string("unk_token");
  const prefix = fields.string("continuing_subword_prefix");
  const maxLength = fields.integer("max_input_chars_per_word");
  const vocabulary = readVocabulary(fields);
  const longest = longestToken(fields);
  const ids = (word: string): number[] => {
    const isLong = word.length > maxLength && Array.from(word).length > maxLength;
    return (isLong ? undefined : pieces(vocabulary, word, prefix, longest)) ?? [unknownId(vocabulary, unknown, word)];
  };
  return { vocabulary, ids };
}

/** A token for each piece. */
export function wordLevel(fields: Fields): Model {
  const unknown = fields.string("unk_token");
  const vocabulary = readVocabulary(fields);
  return { vocabulary, ids: (word) => [vocabulary.id(word) ?? unknownId(vocabulary, unknown, word)] };
}

function pieces(vocabulary: Vocabulary, word: string, prefix: string, longest: number): number[] | undefined {
  const ids: number[] = [];
  let start = 0;
  while (start < word.length) {
    let end = Math.min(word.length, start + longest);
    let id: number | undefined;
    for (; end > start; end--) {
      id = vocabulary.id(start > 0 ? prefix + word.slice(start, end) : word.slice(start, end));
      if (id !== undefined) break;
    }
    if (id === undefined) return undefined;
    ids.push(id);
    start = end;
  }
  return ids;
}

function longestToken(fields: Fields): number {
  return fields
    .object("vocab")
    .entries()
    .reduce((longest, [token]) => Math.max(longest, token.length), 0);
}

function unknownId(vocabulary: Vocabulary, unknown: string, word: string): number {
  const advice = `its unk_token ${JSON.stringify(unknown)} is not in the vocabulary either`;
  return vocabulary.id(unknown) ?? refuse(ValueError, "Tokenizer.encode", "text", "words of the vocabulary", JSON.stringify(word), advice);
}
