import type { Mask } from "@tfblocks/masks";

/** The cells that a mask allows, `[queryLength, keyLength]`; 1 = may attend. */
export function allowedCells(mask: Mask | undefined, queryLength: number, keyLength: number): Uint8Array {
  if (mask === undefined) return new Uint8Array(queryLength * keyLength).fill(1);
  return mask.dense({ queryLength, keyLength }).dataSync<"bool">().slice();
}
