import { checkInteger, checkOptions, refuse, ValueError } from "@tfblocks/tensor-utils";
import { type Fields, refusePart } from "./fields.js";

/** How a text that is too long is cut. */
export interface TruncationOptions {
  /** The most tokens of an encoding, special tokens included. */
  readonly maxLength: number;
  /** Which text of a pair is cut: the longer one, `"onlyFirst"` or `"onlySecond"`; default `"longestFirst"`. */
  readonly strategy?: "longestFirst" | "onlyFirst" | "onlySecond" | undefined;
  /** The side that is cut off; default `"right"`. */
  readonly direction?: "left" | "right" | undefined;
}

/** Truncation with its defaults. */
export type Truncation = Required<TruncationOptions>;

const strategies = ["longestFirst", "onlyFirst", "onlySecond"] as const;
const directions = ["right", "left"] as const;

/** The truncation that options ask for. @throws ValueError when one is invalid */
export function truncationOf(options: TruncationOptions): Truncation {
  const names = { maxLength: true, strategy: true, direction: true };
  const { maxLength, strategy = "longestFirst", direction = "right" } = checkOptions("loadTokenizer", options, names, "truncation option");
  checkInteger("loadTokenizer", "truncation.maxLength", maxLength, 1);
  return {
    maxLength,
    strategy: oneOf("truncation.strategy", strategy, strategies),
    direction: oneOf("truncation.direction", direction, directions),
  };
}

/** One of the names. @throws ValueError when it is another */
export function oneOf<Name extends string>(argument: string, value: unknown, names: readonly Name[]): Name {
  return names.find((name) => name === value) ?? refusePart(argument, `one of ${names.map((name) => `"${name}"`).join(", ")}`, value);
}

/** The `truncation` of a `tokenizer.json`. */
export function readTruncation(fields: Fields): Truncation {
  const strategy = fields.choice("strategy", ["LongestFirst", "OnlyFirst", "OnlySecond"]);
  const truncation = {
    maxLength: fields.integer("max_length"),
    strategy: strategies[["LongestFirst", "OnlyFirst", "OnlySecond"].indexOf(strategy)]!,
    direction: fields.choice("direction", ["Left", "Right"], "Right") === "Left" ? ("left" as const) : ("right" as const),
  };
  fields.integer("stride"); // only moves the parts that are cut off
  fields.end();
  return truncation;
}

/** The ids of one text or two, cut so that they and `added` special tokens fit. */
export function truncated(texts: readonly (readonly number[])[], truncation: Truncation, added: number): readonly (readonly number[])[] {
  const { strategy, direction } = truncation;
  const maxLength = truncation.maxLength - added;
  const [first = [], second] = texts;
  const excess = first.length + (second?.length ?? 0) - maxLength;
  if (excess <= 0) return texts;
  const cut = (ids: readonly number[], length: number) => (direction === "right" ? ids.slice(0, length) : ids.slice(ids.length - length));
  if (maxLength === 0) return texts.map(() => []);
  if (strategy === "longestFirst") {
    if (second === undefined) return [cut(first, maxLength)];
    const [firstLength, secondLength] = sharedLengths(first.length, second.length, maxLength);
    return [cut(first, firstLength), cut(second, secondLength)];
  }
  const at = strategy === "onlyFirst" ? 0 : 1;
  const target = texts[at] ?? refuse(ValueError, "Tokenizer.encode", "pair", `given, as truncation is "${strategy}"`, "no second text");
  if (target.length <= excess) {
    const expected = `longer than the ${excess} tokens that truncation "${strategy}" has to cut off`;
    refuse(ValueError, "Tokenizer.encode", at === 0 ? "text" : "pair", expected, `${target.length} tokens`);
  }
  return texts.map((ids, index) => (index === at ? cut(ids, target.length - excess) : ids));
}

/** The shorter text keeps its length while the longer one gives way; then both get half, and the longer one the odd token. */
function sharedLengths(first: number, second: number, maxLength: number): readonly [number, number] {
  const isSwapped = first > second;
  let shorter = Math.min(first, second);
  let longer = shorter > maxLength ? shorter : Math.max(shorter, maxLength - shorter);
  if (shorter + longer > maxLength) {
    shorter = Math.floor(maxLength / 2);
    longer = shorter + (maxLength % 2);
  }
  return isSwapped ? [longer, shorter] : [shorter, longer];
}
