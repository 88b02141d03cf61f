import { checkInteger, describeValue, refuse, ShapeError, ValueError } from "@tfblocks/tensor-utils";
import type { LanguageModel } from "@tfblocks/transformer";

/** A word that depends on another one: a verb on its subject, for example. */
export interface Dependency {
  readonly relation: string;
  /** The index of the word that depends. */
  readonly from: number;
  /** The index of the word that it depends on, its syntactic head. */
  readonly to: number;
}

/** A text with its parse. */
export interface ParsedText {
  readonly ids: readonly number[];
  /** At most one of each relation for a dependent word. */
  readonly dependencies: readonly Dependency[];
  /** The index of the word of each token; −1 for tokens of no word, for example separators. Default: every token is a word. */
  readonly wordOf?: readonly number[];
}

const operation = "syntaxTest";

/** @throws ShapeError, ValueError when a text or its parse is wrong; the message names the text */
export function checkParsedTexts({ vocabSize, maxLength }: LanguageModel, texts: readonly ParsedText[]): void {
  if (!Array.isArray(texts) || texts.length === 0) refuse(ValueError, operation, "texts", "at least one text", describeValue(texts));
  for (const [index, { ids, dependencies, wordOf }] of texts.entries()) {
    const place = `texts[${index}]`;
    if (!Array.isArray(ids) || ids.length === 0) refuse(ValueError, operation, `${place}.ids`, "at least one id", describeValue(ids));
    if (ids.length > maxLength) refuse(ValueError, operation, `${place}.ids`, `at most ${maxLength} ids`, ids.length);
    for (const id of ids) checkInteger(operation, `${place}.ids`, id, 0, vocabSize - 1);
    if (wordOf !== undefined) checkWords(`${place}.wordOf`, wordOf, ids.length);
    if (!Array.isArray(dependencies)) refuse(ValueError, operation, `${place}.dependencies`, "a list", describeValue(dependencies));
    checkDependencies(`${place}.dependencies`, dependencies, wordCount({ ids, dependencies, ...(wordOf && { wordOf }) }));
  }
}

/** How many words a text has. */
export function wordCount({ ids, wordOf }: ParsedText): number {
  return wordOf === undefined ? ids.length : 1 + wordOf.reduce((last, word) => Math.max(last, word), -1);
}

/** The relations of texts, in the order in which they occur. */
export function relationsOf(texts: readonly ParsedText[]): string[] {
  return [...new Set(texts.flatMap(({ dependencies }) => dependencies.map(({ relation }) => relation)))];
}

/** Texts of the same length, so many at a time that `batch · length²` stays below a limit. */
export function batchesOf(texts: readonly ParsedText[], limit: number): ParsedText[][] {
  const byLength = new Map<number, ParsedText[][]>();
  for (const text of texts) {
    const { length } = text.ids;
    const batches = byLength.get(length) ?? [];
    byLength.set(length, batches);
    const last = batches.at(-1);
    if (last === undefined || (last.length + 1) * length ** 2 > limit) batches.push([text]);
    else last.push(text);
  }
  return [...byLength.values()].flat();
}

function checkWords(place: string, wordOf: readonly number[], length: number): void {
  if (!Array.isArray(wordOf)) refuse(ValueError, operation, place, "a list of indices", describeValue(wordOf));
  if (wordOf.length !== length) refuse(ShapeError, operation, place, `one index for each of the ${length} ids`, wordOf.length);
  for (const word of wordOf) checkInteger(operation, place, word, -1, length - 1);
}

function checkDependencies(place: string, dependencies: readonly Dependency[], words: number): void {
  const seen = new Set<string>();
  for (const [index, { relation, from, to }] of dependencies.entries()) {
    if (typeof relation !== "string") refuse(ValueError, operation, `${place}[${index}].relation`, "a string", describeValue(relation));
    checkInteger(operation, `${place}[${index}].from`, from, 0, words - 1);
    checkInteger(operation, `${place}[${index}].to`, to, 0, words - 1);
    if (from === to) refuse(ValueError, operation, `${place}[${index}].to`, "another word than from", to);
    const key = `${from} ${relation}`;
    if (seen.has(key)) refuse(ValueError, operation, place, "at most one of a relation for each word", `two "${relation}" from ${from}`);
    seen.add(key);
  }
}
