import type { Layout, Rule } from "./layout.js";

/** The sizes that a layout knows, by what they count. */
export interface LayoutSizeNames {
  /** Numbers of layers: `numLayers`, and `numDecoderLayers` where there is a decoder beside an encoder. */
  readonly layers: readonly string[];
  /** Dimensions of its tensors: `dModel`, `vocabSize`, … */
  readonly widths: readonly string[];
  /** Numbers from which the widths of projections follow: `numHeads`, `numKvHeads`, `headDim`. */
  readonly heads: readonly string[];
}

/** Widths that follow from others: numHeads · headDim and numKvHeads · headDim. */
const derivedWidths: readonly string[] = ["queryDim", "kvDim"];

/** The letter that stands for the number of a layer in a rule's names, and the size that counts the layers. */
export const layerLetters: Readonly<Record<string, string>> = { "{i}": "numLayers", "{j}": "numDecoderLayers" };

/** The sizes that a layout knows: those that its rules name. */
export function layoutSizeNames({ body, head = [] }: Layout): LayoutSizeNames {
  const rules = [...body, ...head].flatMap((each): readonly Rule[] => ("oneOf" in each ? each.oneOf : [each]));
  const words = new Set(rules.flatMap(({ shapes }) => shapes).flatMap((shape) => shape.split(" ")));
  const theirs = rules.flatMap((rule) => rule.theirs);
  return {
    layers: Object.entries(layerLetters).flatMap(([letter, name]) => (theirs.some((each) => each.includes(letter)) ? [name] : [])),
    widths: [...words].filter((word) => !/^\d+$/.test(word) && !derivedWidths.includes(word)),
    heads: ["numHeads", "numKvHeads", "headDim"],
  };
}
