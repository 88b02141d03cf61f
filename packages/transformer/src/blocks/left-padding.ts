import type { Mask } from "@tfblocks/masks";
import { refuse, ValueError } from "@tfblocks/tensor-utils";
import type { InputEmbedding } from "./input-embedding.js";

/**
 * Refuses padding on the left without positions where the position of a token changes its embedding: counted from the padding,
 * the tokens of a row would get other logits than alone.
 *
 * Transformers counts padding in `model(…)` and skips it in `generate(…)`; positions say which is meant.
 *
 * @param mask the padding mask of the call
 * @param length of the input, including cached tokens
 * @throws ValueError that names the first row with padding on the left
 */
export function refuseLeftPadding(operation: string, input: InputEmbedding, mask: Mask | undefined, length: number): void {
  if (mask === undefined || !input.countsPositions) return;
  for (let row = 0; row < mask.batch; row++) {
    if (!isLeftPadded(mask, row, length)) continue;
    const advice = "pass those that generation counts, 0 for padding and then 0, 1, 2, …; to count padding, pass 0, 1, 2, …";
    refuse(
      ValueError,
      operation,
      "positions",
      "given where the mask hides the start of a row",
      `none, and row ${row} is padded on the left`,
      advice,
    );
  }
}

/** Whether a row's first position is hidden and a later one is not. */
function isLeftPadded(mask: Mask, row: number, length: number): boolean {
  const isToken = (position: number) => mask.at(row, 0, position, position);
  if (length === 0 || isToken(0)) return false;
  for (let position = 1; position < length; position++) if (isToken(position)) return true;
  return false;
}
