import { atPositions, attentionsOf, headLabel, headsOf, outputOf, type Site } from "@tfblocks/analysis/models";
import { walkParts } from "@tfblocks/tensor-utils";
import type { OpenModel } from "../models/opened-model.js";
import { ReadingError } from "./reading-error.js";

/** A part of a model, some of its heads, and some positions. */
export interface PartPlace {
  readonly part: string;
  /** Default all; a part other than an attention has none. */
  readonly heads?: readonly number[] | undefined;
  /** Default all. */
  readonly positions?: readonly number[] | undefined;
}

/**
 * What an edit changes: of an attention the outputs of its heads, of another part its output.
 *
 * @param length how many tokens the part reads
 * @throws ReadingError when the part, a head or a position does not exist
 */
export function siteOf(opened: OpenModel, place: PartPlace, length: number): Site {
  const { part, heads = [], positions } = place;
  const all = checkedHeads(opened, part, heads);
  const site = all === undefined ? outputOf(part) : headsOf(part, heads.length === 0 ? undefined : [...new Set(heads)]);
  if (positions === undefined) return site;
  const beyond = positions.find((position) => position >= length);
  if (beyond !== undefined) {
    throw new ReadingError("edits", `A change is at token ${beyond}, but the text has only ${length}, counted from 0.`);
  }
  return atPositions(site, [...new Set(positions)]);
}

/** The number of heads of an attention; undefined for another part. */
function checkedHeads({ model }: OpenModel, part: string, heads: readonly number[]): number | undefined {
  const attention = attentionsOf(model).find(({ name }) => name === part)?.attention;
  if (attention === undefined) {
    const exists = walkParts(model).some(([name]) => name === part);
    if (!exists) throw new ReadingError("edits", `A change is of the part “${part}”, which this model does not have.`);
    if (heads.length > 0) throw new ReadingError("edits", `A change is of heads of “${part}”, which has none.`);
    return undefined;
  }
  const missing = heads.find((head) => head >= attention.numHeads);
  if (missing === undefined) return attention.numHeads;
  const name = headLabel({ attention: part, head: missing });
  throw new ReadingError("edits", `A change is of the head ${name}, but this attention has ${attention.numHeads} heads, counted from 0.`);
}
