import { type Composite, walkParts } from "@tfblocks/tensor-utils";

/** The names of the layers of a model, in the order of computation: those of an encoder come before those of its decoder. */
export function layersOf(model: Composite): string[] {
  return walkParts(model).flatMap(([name]) => (/(^|\.)layers\.\d+$/.test(name) ? [name] : []));
}
