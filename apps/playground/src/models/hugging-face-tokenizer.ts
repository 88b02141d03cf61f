import { tokenText } from "@tfblocks/text";
import { loadTokenizer } from "@tfblocks/text/hugging-face";
import { WordTokenizer } from "@tfblocks/zoo";
import type { ModelTokenizer } from "./opened-model.js";
import { wordModelTokenizer } from "./word-model-tokenizer.js";

/**
 * The tokenizer of a `tokenizer.json`. It neither cuts nor fills texts.
 *
 * @param vocabSize how many tokens the model has vectors for
 * @throws Error when the file cannot be used
 */
export function readTokenizer(json: string, vocabSize: number): ModelTokenizer {
  const file = JSON.parse(json) as TokenizerJson;
  const closed = closedVocabulary(file);
  return closed === undefined ? openVocabulary(file, vocabSize) : wordModelTokenizer(closed);
}

/** The fields of a `tokenizer.json` that are read here. */
interface TokenizerJson {
  readonly added_tokens?: readonly { readonly id: number; readonly content: string; readonly special?: boolean }[];
  readonly pre_tokenizer?: { readonly type: string; readonly pattern?: { readonly Regex?: string } } | null;
  readonly model: {
    readonly type?: string;
    readonly vocab: Readonly<Record<string, number>> | readonly (readonly [string, number])[];
    readonly unk_token?: string | null;
    readonly unk_id?: number | null;
  };
}

function openVocabulary(file: TokenizerJson, vocabSize: number): ModelTokenizer {
  const tokenizer = loadTokenizer(file, { truncation: false, padding: false });
  const specialIds = new Set(Object.values(tokenizer.specialIds));
  const texts = (ids: readonly number[]): string[] => ids.map((id) => tokenText(tokenizer, id));
  const encode = (text: string): number[] => {
    const ids = tokenizer.encode(text.replace(/\p{Surrogate}/gu, "\ufffd")); // halves of characters
    const strange = ids.find((id) => id >= vocabSize);
    if (strange === undefined) return ids;
    throw new Error(`The model has no vector for “${texts([strange])[0]}”: the tokenizer belongs to another model.`);
  };
  const decode = (ids: readonly number[]): string => tokenizer.decode(ids.filter((id) => !specialIds.has(id)));
  const mask = Object.keys(tokenizer.specialIds).find((text) => /^\W*mask\W*$/i.test(text));
  return { encode, texts, decode, unknownId: unknownId(file), specialIds, mask };
}

function unknownId({ model, added_tokens: added = [] }: TokenizerJson): number | undefined {
  if (typeof model.unk_id === "number") return model.unk_id;
  const { unk_token: token, vocab } = model;
  if (typeof token !== "string") return undefined;
  return added.find(({ content }) => content === token)?.id ?? (vocab as Readonly<Record<string, number>>)[token];
}

/**
 * The tokenizer that `WordTokenizer.toJSON` wrote, whose first word stands for everything unknown, because the format needs such
 * a token; undefined for any other file.
 */
function closedVocabulary({ model, added_tokens: added = [], pre_tokenizer: splitter }: TokenizerJson): WordTokenizer | undefined {
  const separator = splitter?.type === "WhitespaceSplit" ? " " : splitter?.pattern?.Regex === "[\\s\\S]" ? "" : undefined;
  const isSpecial = (token: string) => added.some(({ content, special }) => special && content === token);
  if (model.type !== "WordPiece" || separator === undefined) return undefined;
  const all = Object.entries(model.vocab as Readonly<Record<string, number>>).toSorted(([, a], [, b]) => a - b);
  const words = all.map(([word]) => word).filter((word) => !isSpecial(word));
  const special = all.map(([word]) => word).filter(isSpecial);
  const wrote = new WordTokenizer({ words, special, separator });
  const isSame = all.every(([word, id]) => wrote.tokens([id])[0] === word);
  return isSame && model.unk_token === all[0]?.[0] ? wrote : undefined;
}
