import { checkInteger, checkOptions, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { Layout } from "./layout.js";
import { layoutSizeNames } from "./size-names.js";

/** Sizes by their names in the shapes of rules. */
export type Sizes = ReadonlyMap<string, number>;

/** The given sizes and those that follow from them. @throws ValueError when one is unknown or not an integer in its range */
export function resolveSizes(operation: string, layout: Layout, given: Readonly<Record<string, number | undefined>>): Sizes {
  const { layers, widths, heads } = layoutSizeNames(layout);
  const known = Object.fromEntries([...layers, ...heads, ...widths].map((name) => [name, true]));
  checkOptions(operation, given, known, "size");
  const sizes = new Map<string, number>();
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    checkInteger(operation, `sizes.${name}`, value, layers.includes(name) ? 0 : 1);
    sizes.set(name, value);
  }
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

/** A size that a layout needs. @throws ValueError when it was not given */
export function needed(operation: string, sizes: Sizes, name: string): number {
  return sizes.get(name) ?? refuse(ValueError, operation, `sizes.${name}`, "given for this layout", "undefined");
}

/** The sizes and those that a shape adds; undefined when it contradicts them. */
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

/** A shape with the sizes that are known, for example `[vocabSize, dModel = 24]`. */
export function showWords(words: string, sizes: Sizes): string {
  return `[${words
    .split(" ")
    .map((name) => (sizes.has(name) ? `${name} = ${sizes.get(name)}` : name))
    .join(", ")}]`;
}
