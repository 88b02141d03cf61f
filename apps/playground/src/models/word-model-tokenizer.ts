import { WordTokenizer } from "@tfblocks/zoo";
import type { ModelTokenizer } from "./opened-model.js";

/** The tokenizer of a model with a small, closed vocabulary of words or characters. */
export function wordModelTokenizer(tokenizer: WordTokenizer): ModelTokenizer {
  const specialIds = new Set(Object.values(tokenizer.specialIds));
  const all = tokenizer.tokens(Array.from({ length: tokenizer.vocabSize }, (_, id) => id));
  const words = all.filter((_, id) => !specialIds.has(id));
  const isOfCharacters = tokenizer.decode([0, 1].map((at) => all.indexOf(words[at]!))) === `${words[0]}${words[1]}`;
  const encode = (text: string): number[] => {
    const pieces = isOfCharacters ? Array.from(text.trim()) : text.split(/\s+/).filter(Boolean);
    const unknown = pieces.find((piece) => !words.includes(piece));
    if (unknown !== undefined) throw new Error(isOfCharacters ? unknownCharacter(unknown, words) : unknownWord(unknown, words));
    return pieces.map((piece) => tokenizer.idOf(piece));
  };
  const texts = (ids: readonly number[]): string[] => tokenizer.tokens(ids);
  const decode = (ids: readonly number[]): string => tokenizer.decode(ids);
  return { encode, texts, decode, unknownId: undefined, specialIds };
}

function unknownWord(word: string, words: readonly string[]): string {
  const all = words.toSorted().join(", ");
  return `Word “${shortened(word)}” is not in the vocabulary of this model. These are its ${words.length} words: ${all}`;
}

function unknownCharacter(character: string, characters: readonly string[]): string {
  const name = /^\s$/.test(character) ? "A space" : `Character “${character}”`;
  return `${name} is not among the ${characters.length} characters that this model knows: “${characters.join("")}”.`;
}

function shortened(word: string): string {
  const characters = Array.from(word);
  return characters.length > 24 ? `${characters.slice(0, 24).join("")}…` : word;
}
