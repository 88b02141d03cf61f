import type { Composite } from "@tfblocks/tensor-utils";
import { ablate } from "../edits/ablate.js";
import { headsOf, type Site } from "../edits/sites.js";
import { type Edit, withEdits } from "../edits/with-edits.js";
import type { HeadName } from "../models/attention-places.js";

/** Switches off a head, for example by its mean. */
export type HeadEdit = (site: Site, head: HeadName) => Edit;

/** The edit that replaces the output of a head by zeros. */
export const zeroed: HeadEdit = (site) => ablate(site);

/** The model with some heads switched off. */
export function withoutHeads<Model extends Composite>(model: Model, heads: readonly HeadName[], edit: HeadEdit = zeroed): Model {
  return withEdits(
    model,
    heads.map(({ attention, head }) => edit(headsOf(attention, head), { attention, head })),
  );
}

/** The heads that are not among some others. */
export function otherHeads(all: readonly HeadName[], heads: readonly HeadName[]): HeadName[] {
  return all.filter((each) => !heads.some((other) => isSameHead(each, other)));
}

export function isSameHead(a: HeadName, b: HeadName): boolean {
  return a.attention === b.attention && a.head === b.head;
}
