import { checkOptions, refuse, ValueError } from "@tfblocks/tensor-utils";
import { checkBatch, checkBooleans, checkIntegers, checkRows } from "../check.js";
import type { Mask } from "../mask.js";
import type { Rectangle, AttentionRule } from "../attention-rule.js";
import { RuleMask } from "../rule-mask.js";
import { intervalRule } from "./interval-rule.js";
import { tableRule } from "./table-rule.js";

interface PaddingOptions {
  readonly lengths?: readonly number[];
  readonly keep?: readonly (readonly boolean[])[];
}

/**
 * Hides padded keys: key < lengths[batch], or keep[batch][key]. Queries are not masked: a padded query still attends.
 *
 * @param options lengths `[batch]`, at most the requested keys; or keep `[batch][key]` (true = a real key), at least as many as the requested keys
 * @throws ValueError, ShapeError when the options have neither or both, or an array is ragged or empty
 */
export function padding(options: { readonly lengths: readonly number[] } | { readonly keep: readonly (readonly boolean[])[] }): Mask {
  const { lengths, keep } = checkOptions<PaddingOptions>("padding", options, { lengths: true, keep: true });
  if ((lengths === undefined) === (keep === undefined)) {
    refuse(ValueError, "padding", "options", "either lengths or keep", lengths ? "both" : "neither");
  }
  return new RuleMask(lengths ? lengthsRule(lengths) : keepRule(keep!));
}

function lengthsRule(value: readonly number[]): AttentionRule {
  const lengths = checkBatch("padding", "lengths", checkIntegers("padding", "lengths", value));
  const longest = lengths.reduce((most, length) => Math.max(most, length));
  return intervalRule({
    batch: lengths.length,
    json: { type: "padding", lengths },
    first: () => 0,
    last: (batch) => lengths[batch]! - 1,
    fit: (operation, extent) => checkLongest(operation, longest, extent),
  });
}

function checkLongest(operation: string, longest: number, { keyEnd }: Rectangle): void {
  if (longest > keyEnd) {
    refuse(
      ValueError,
      operation,
      "keyOffset + keyLength",
      `>= ${longest}, the longest of the padding lengths`,
      keyEnd,
      "for a part of the keys use padding({ keep })",
    );
  }
}

function keepRule(value: readonly (readonly boolean[])[]): AttentionRule {
  const keep = checkBatch("padding", "keep", checkRows("padding", "keep", value, checkBooleans));
  return tableRule({
    json: { type: "padding", keep },
    shape: [keep.length, 1, 1, keep[0]!.length],
    allowed: Uint8Array.from(keep.flat(), Number),
    cell: { query: Infinity, key: 1 },
  });
}
