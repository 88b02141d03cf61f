import { checkInteger, checkOptions, describeValue, type OptionNames, refuse, ShapeError, ValueError } from "@tfblocks/tensor-utils";
import type { AttentionMaps } from "../maps/attention-maps.js";
import { rowOptionNames, type RowOptions } from "../maps/row-scores.js";
import { tokensAsWords, type Words } from "./words.js";

/** Options of `dependencyAccuracy`: the parse of each sequence, and how to read it. */
export interface DependencyOptions extends RowOptions {
  /**
   * The parse: for each sequence the index of the syntactic head of each word, from 0; −1 or the word itself for a root and for a
   * word without a head.
   */
  readonly heads: readonly ArrayLike<number>[];
  /** For each sequence the relation of each word to its head, for example "nsubj"; default no scores by relation. */
  readonly relations?: readonly (readonly string[])[];
  /** Which word attends: a dependent to its head, or a head to one of its dependents; default `"toHead"`. */
  readonly direction?: "toHead" | "toDependent";
  /**
   * For each sequence the index of the word of each token; −1 for tokens of no word, for example separators, which then cannot
   * have the most attention; default every token is a word.
   */
  readonly wordOf?: readonly ArrayLike<number>[];
  /** Whether the attention of a word to itself is left out; default false, in Clark et al. true. */
  readonly excludeDiagonal?: boolean;
}

const optionNames: OptionNames<DependencyOptions> = {
  ...rowOptionNames,
  heads: true,
  relations: true,
  direction: true,
  wordOf: true,
  excludeDiagonal: "flag",
};

/** An arc of the parse, in the direction of attention. */
export interface Arc {
  readonly from: number;
  readonly to: number;
  readonly relation: string | undefined;
}

/** The words and arcs of a sequence. */
interface Parse {
  readonly words: Words;
  readonly arcs: readonly Arc[];
}

/** Options whose parse fits the maps. */
export interface CheckedDependencies {
  /** One for each sequence. */
  readonly parses: readonly Parse[];
  readonly minKeys: number;
  readonly excludeDiagonal: boolean;
}

/** @throws ShapeError, ValueError, UnknownNameError as documented for the metric */
export function checkedDependencies(operation: string, maps: AttentionMaps, options: DependencyOptions): CheckedDependencies {
  const {
    heads,
    relations,
    wordOf,
    direction = "toHead",
    excludeDiagonal = false,
    minKeys = 2,
  } = checkOptions(operation, options, optionNames);
  checkInteger(operation, "minKeys", minKeys, 1);
  if (direction !== "toHead" && direction !== "toDependent") {
    refuse(ValueError, operation, "direction", `"toHead" or "toDependent"`, describeValue(direction));
  }
  checkLists(operation, "heads", heads, maps.batch);
  if (wordOf !== undefined) checkLists(operation, "wordOf", wordOf, maps.batch, maps.keyLength);
  if (relations !== undefined) checkLists(operation, "relations", relations, maps.batch);
  const parses = heads.map((headOf, batch): Parse => {
    const words = wordOf === undefined ? tokensAsWords(maps.keyLength) : { count: headOf.length, wordOf: wordOf[batch]! };
    checkIndices(operation, "wordOf", words.wordOf, words.count);
    checkLength(operation, "heads", headOf, words.count);
    checkIndices(operation, "heads", headOf, words.count);
    if (relations !== undefined) checkRelations(operation, relations[batch]!, words.count);
    return { words, arcs: arcsOf(headOf, relations?.[batch], direction) };
  });
  return { parses, minKeys, excludeDiagonal };
}

function arcsOf(headOf: ArrayLike<number>, relations: readonly string[] | undefined, direction: "toHead" | "toDependent"): Arc[] {
  return Array.from(headOf).flatMap((head, dependent) => {
    if (head < 0 || head === dependent) return [];
    const relation = relations?.[dependent];
    return [direction === "toHead" ? { from: dependent, to: head, relation } : { from: head, to: dependent, relation }];
  });
}

function checkLists(operation: string, argument: string, lists: unknown, batch: number, length?: number): void {
  if (!Array.isArray(lists)) return refuse(ValueError, operation, argument, "a list for each sequence", describeValue(lists));
  if (lists.length !== batch) {
    refuse(ShapeError, operation, argument, `a list for each sequence (batch = ${batch})`, `${lists.length} lists`);
  }
  for (const list of lists as readonly ArrayLike<unknown>[]) {
    if (typeof list?.length !== "number") refuse(ValueError, operation, argument, "a list for each sequence", describeValue(list));
    if (length !== undefined) checkLength(operation, argument, list, length);
  }
}

function checkLength(operation: string, argument: string, list: ArrayLike<unknown>, length: number): void {
  if (list.length !== length) refuse(ShapeError, operation, argument, `lists of length ${length}`, `a list of length ${list.length}`);
}

function checkRelations(operation: string, relations: readonly unknown[], count: number): void {
  checkLength(operation, "relations", relations, count);
  const wrong = Array.from(relations).findIndex((relation) => typeof relation !== "string");
  if (wrong >= 0) refuse(ValueError, operation, `the relation of word ${wrong}`, "a string", describeValue(relations[wrong]));
}

function checkIndices(operation: string, argument: string, indices: ArrayLike<number>, count: number): void {
  for (const index of Array.from(indices)) checkInteger(operation, argument, index, -1, count - 1);
}
