import { checkInteger, checkOptions } from "@tfblocks/tensor-utils";
import { checkBooleans, checkRows } from "../check.js";
import type { BlockSize, Mask } from "../mask.js";
import { RuleMask } from "../rule-mask.js";
import { tableRule } from "./table-rule.js";

/**
 * pattern[floor(query / blockSize.query)][floor(key / blockSize.key)], starting at position 0.
 *
 * @param options one block size for both axes or one for each; the pattern must cover the requested positions
 * @throws ValueError, ShapeError when a size is not an integer >= 1, or the pattern is ragged or does not hold booleans
 */
export function blockPattern(options: { readonly blockSize: number | BlockSize; readonly pattern: readonly (readonly boolean[])[] }): Mask {
  const { blockSize, pattern } = checkOptions("blockPattern", options, { blockSize: true, pattern: true });
  const { query, key } =
    typeof blockSize === "number"
      ? { query: blockSize, key: blockSize }
      : checkOptions("blockPattern", blockSize, { query: true, key: true }, "block size");
  checkInteger("blockPattern", "blockSize.query", query, 1);
  checkInteger("blockPattern", "blockSize.key", key, 1);
  const rows = checkRows("blockPattern", "pattern", pattern, checkBooleans);
  return new RuleMask(
    tableRule({
      json: { type: "blockPattern", blockSize: { query, key }, pattern: rows },
      shape: [1, 1, rows.length, rows[0]?.length ?? 0],
      allowed: Uint8Array.from(rows.flat(), Number),
      cell: { query, key },
    }),
  );
}
