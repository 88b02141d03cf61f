import type { Mask } from "@tfblocks/masks";
import { maskOf, maskParts } from "../../reading/mask-of.js";
import type { MaskSpec } from "../../reading/mask-spec.js";
import { maskCode } from "./mask-code.js";
import type { MaskBlocks, MaskPicture } from "./mask-picture.js";

/** The most rows that are drawn. */
const mostRows = 512;

/** Draws a mask over a text. A text of more than 512 tokens is drawn with several tokens in a row. */
export function drawMask(spec: MaskSpec, length: number): MaskPicture {
  const pool = Math.max(1, Math.ceil(length / mostRows));
  const statesOf = (mask: Mask): Uint8Array => blocksOf(mask, length, pool).states;
  const mask = maskOf(spec, length);
  return {
    length,
    pool,
    size: Math.ceil(length / pool),
    states: statesOf(mask),
    parts: maskParts(spec, length).map((part) => ({ name: part.name, states: statesOf(part.mask) })),
    code: maskCode(mask.toJSON(), length),
  };
}

/** The blocks of `edge` × `edge` pairs of a mask over a text. */
export function drawBlocks(spec: MaskSpec, length: number, edge: number): MaskBlocks {
  const { states, counts } = blocksOf(maskOf(spec, length), length, edge);
  return { edge, size: Math.ceil(length / edge), states, counts };
}

// The values of `blockStates` are those of `cellStates`.
function blocksOf(mask: Mask, length: number, edge: number): Pick<MaskBlocks, "states" | "counts"> {
  return mask.blocks({ queryLength: length, keyLength: length }, { query: edge, key: edge });
}
