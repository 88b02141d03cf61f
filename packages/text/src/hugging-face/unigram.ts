import { refuse, ValueError } from "@tfblocks/tensor-utils";
import { byteIds } from "./bpe.js";
import { type Fields, integerAt, refusePart } from "./fields.js";
import type { Model } from "./model.js";
import { Vocabulary } from "./vocabulary.js";

/** How much less likely than the least likely token an unknown character is, as in SentencePiece. */
const unknownPenalty = 10;

/**
 * The most likely sequence of tokens, whose scores are logarithms of probabilities; unknown characters side by side become
 * one token. Source: Kudo 2018, Subword Regularization; the path is found by Viterbi's algorithm.
 */
export function unigram(fields: Fields): Model {
  const hasBytes = fields.boolean("byte_fallback", false);
  const { vocabulary, scores } = readScores(fields);
  const unknown =
    fields.raw("unk_id") === undefined ? undefined : integerAt(fields.at("unk_id"), fields.raw("unk_id"), 0, scores.length - 1);
  const search = new Search(vocabulary, scores, unknown);
  const idsOf = (token: string) => {
    const id = vocabulary.id(token);
    if (id !== undefined) return [id];
    return (hasBytes ? byteIds(vocabulary, token) : undefined) ?? [unknown ?? refuseUnknown(token)];
  };
  return { vocabulary, ids: (piece) => search.tokens(piece).flatMap(idsOf) };
}

function readScores(fields: Fields): { vocabulary: Vocabulary; scores: number[] } {
  const vocabulary = new Vocabulary();
  const scores = fields.list("vocab").map((entry, id) => {
    const path = () => `${fields.at("vocab")}[${id}]`;
    const [token, score] = Array.isArray(entry) && entry.length === 2 ? (entry as [unknown, unknown]) : [];
    if (typeof token !== "string" || token === "" || typeof score !== "number") refusePart(path(), "a token and its score", entry);
    if (vocabulary.id(token) !== undefined) refusePart(path(), "a token that is not in the list before", token);
    vocabulary.add(path, token, id);
    return score;
  });
  return { vocabulary, scores };
}

class Search {
  readonly #vocabulary: Vocabulary;
  readonly #scores: readonly number[];
  readonly #unknown: number | undefined;
  readonly #unknownScore: number;
  /** The length of the longest token by its first two code units. */
  readonly #longest = new Map<string, number>();

  constructor(vocabulary: Vocabulary, scores: readonly number[], unknown: number | undefined) {
    this.#vocabulary = vocabulary;
    this.#scores = scores;
    this.#unknown = unknown;
    this.#unknownScore = scores.reduce((least, score) => Math.min(least, score), Infinity) - unknownPenalty;
    for (let id = 0; id < scores.length; id++) {
      const token = vocabulary.token(id)!;
      const start = token.slice(0, 2);
      this.#longest.set(start, Math.max(this.#longest.get(start) ?? 0, token.length));
    }
  }

  /** The tokens of a piece, as text. */
  tokens(piece: string): string[] {
    const { starts, ids } = this.#paths(piece);
    const tokens: string[] = [];
    let unknownEnd = -1;
    for (let end = piece.length; end > 0; end = starts[end]!) {
      const start = starts[end]!;
      const isUnknown = ids[end] === this.#unknown;
      if (isUnknown && unknownEnd === -1) unknownEnd = end;
      if (!isUnknown && unknownEnd !== -1) {
        tokens.push(piece.slice(end, unknownEnd));
        unknownEnd = -1;
      }
      if (!isUnknown) tokens.push(piece.slice(start, end));
    }
    if (unknownEnd !== -1) tokens.push(piece.slice(0, unknownEnd));
    return tokens.toReversed();
  }

  /** For each place, where the last token of the best path to it starts, and its id. */
  #paths(piece: string): { starts: Int32Array; ids: Int32Array } {
    const starts = new Int32Array(piece.length + 1).fill(-1);
    const ids = new Int32Array(piece.length + 1);
    const best = new Float64Array(piece.length + 1);
    const offer = (start: number, end: number, id: number, score: number) => {
      const total = score + best[start]!;
      if (starts[end] !== -1 && total <= best[end]!) return;
      best[end] = total;
      starts[end] = start;
      ids[end] = id;
    };
    for (let start = 0; start < piece.length;) {
      const width = piece.codePointAt(start)! > 0xffff ? 2 : 1;
      const longest = Math.min(piece.length - start, this.#longest.get(piece.slice(start, start + 2)) ?? 1);
      let isCovered = false;
      for (let length = 1; length <= longest; length++) {
        const id = this.#vocabulary.id(piece.slice(start, start + length));
        if (id === undefined) continue;
        offer(start, start + length, id, this.#scores[id]!);
        isCovered ||= length === width;
      }
      if (!isCovered) offer(start, start + width, this.#unknown ?? refuseUnknown(piece), this.#unknownScore);
      start += width;
    }
    return { starts, ids };
  }
}

function refuseUnknown(text: string): never {
  return refuse(ValueError, "Tokenizer.encode", "text", "characters of the vocabulary", JSON.stringify(text), "the model has no unk_id");
}
