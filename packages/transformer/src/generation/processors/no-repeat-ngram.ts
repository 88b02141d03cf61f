import { checkInteger } from "@tfblocks/tensor-utils";
import type { LogitsProcessor } from "./logits-processor.js";

/** Rules out each token that would complete `size` ids which already follow each other in the row, prompt included. */
export function noRepeatNgram(size: number): LogitsProcessor {
  checkInteger("noRepeatNgram", "size", size, 1);
  return (logits, { ids }) => {
    const start = ids.length - size + 1; // of the last size - 1 ids
    for (let at = 0; at < start; at++) {
      const next = ids[at + size - 1]!;
      if (next < logits.length && repeats(ids, at, start)) logits[next] = -Infinity;
    }
  };
}

/** Whether the ids from `at` equal those from `start` to the end. */
function repeats(ids: readonly number[], at: number, start: number): boolean {
  for (let step = 0; start + step < ids.length; step++) if (ids[at + step] !== ids[start + step]) return false;
  return true;
}
