import { checkInteger, checkObject, checkUnknown, refuse, ValueError } from "@tfblocks/tensor-utils";

/** The sizes of a model, by which its entries are told apart and checked; those left out follow from the entries. */
export interface LayoutSizes {
  /** Needed by every layout of a whole model. */
  readonly numLayers?: number | undefined;
  /** Of a decoder beside an encoder; default `numLayers`. */
  readonly numDecoderLayers?: number | undefined;
  /** Needed where a matrix holds queries, keys and values head by head (GPT-NeoX). */
  readonly numHeads?: number | undefined;
  /** Default `numHeads`. */
  readonly numKvHeads?: number | undefined;
  /** Default `dModel / numHeads`. */
  readonly headDim?: number | undefined;
  readonly dModel?: number | undefined;
  readonly hiddenDim?: number | undefined;
  readonly vocabSize?: number | undefined;
  readonly maxLength?: number | undefined;
  /** Segments of BERT. */
  readonly numSegments?: number | undefined;
  /** Buckets of T5's relative positions. */
  readonly numBuckets?: number | undefined;
}

/** Sizes by the words of shapes. */
export type Sizes = ReadonlyMap<string, number>;

const sizeNames = [
  "numLayers",
  "numDecoderLayers",
  "numHeads",
  "numKvHeads",
  "headDim",
  "dModel",
  "hiddenDim",
  "vocabSize",
  "maxLength",
  "numSegments",
  "numBuckets",
] as const;

/** The given sizes and what follows from them. @throws ValueError when one is no positive integer or unknown */
export function resolveSizes(operation: string, given: LayoutSizes): Sizes {
  const { ...rest } = checkObject(operation, "sizes", given) as Record<string, unknown>;
  const sizes = new Map<string, number>();
  for (const name of sizeNames) {
    const value = rest[name];
    delete rest[name];
    if (value === undefined) continue;
    checkInteger(operation, `sizes.${name}`, value, name.endsWith("Layers") ? 0 : 1);
    sizes.set(name, value);
  }
  checkUnknown(operation, "sizes", rest);
  addDerived(sizes);
  return sizes;
}

function addDerived(sizes: Map<string, number>): void {
  const { numHeads, dModel, headDim = dModel! / numHeads!, numKvHeads = numHeads, numLayers } = Object.fromEntries(sizes);
  if (numLayers !== undefined && !sizes.has("numDecoderLayers")) sizes.set("numDecoderLayers", numLayers);
  if (!Number.isInteger(headDim)) return;
  if (numHeads !== undefined) sizes.set("queryDim", numHeads * headDim!);
  if (numKvHeads !== undefined) sizes.set("kvDim", numKvHeads * headDim!);
  sizes.set("headDim", headDim!);
}

/** A size that a layout cannot do without. @throws ValueError when it was not given */
export function needed(operation: string, sizes: Sizes, name: string): number {
  return sizes.get(name) ?? refuse(ValueError, operation, `sizes.${name}`, "given for this layout", "undefined");
}

/** The sizes with those that a shape adds, or undefined when it contradicts them. */
export function bind(shape: readonly number[], words: string, sizes: Sizes): Sizes | undefined {
  const names = words.split(" ");
  if (shape.length !== names.length) return undefined;
  const bound = new Map(sizes);
  const fits = names.every((name, axis) => {
    const known = /^\d+$/.test(name) ? Number(name) : bound.get(name);
    if (known === undefined) bound.set(name, shape[axis]!);
    return known === undefined || known === shape[axis];
  });
  return fits ? bound : undefined;
}

/** The words with the sizes that are known, as `[vocabSize, dModel = 24]`. */
export function showWords(words: string, sizes: Sizes): string {
  return `[${words
    .split(" ")
    .map((name) => (sizes.has(name) ? `${name} = ${sizes.get(name)}` : name))
    .join(", ")}]`;
}
