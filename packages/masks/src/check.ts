import { checkInteger, checkOptions, describeValue, type OptionNames, refuse, ShapeError, ValueError } from "@tfblocks/tensor-utils";
import type { MaskSizes } from "./mask.js";
import type { Rectangle, AttentionRule } from "./attention-rule.js";

const maskSizeNames: OptionNames<MaskSizes> = {
  queryLength: true,
  keyLength: true,
  batch: true,
  heads: true,
  queryOffset: true,
  keyOffset: true,
};

/** The positions of the sizes, checked against the mask. */
export function checkSizes(operation: string, rule: AttentionRule, sizes: MaskSizes): Rectangle {
  const {
    queryLength,
    keyLength,
    batch = rule.batch,
    heads = rule.heads,
    queryOffset = 0,
    keyOffset = 0,
  } = checkOptions(operation, sizes, maskSizeNames, "size");
  for (const [name, value] of Object.entries({ queryLength, keyLength, batch, heads, queryOffset, keyOffset })) {
    checkInteger(operation, name, value, 0);
  }
  checkBroadcast(operation, "batch", rule.batch, batch);
  checkBroadcast(operation, "heads", rule.heads, heads);
  const extent = { queryStart: queryOffset, queryEnd: queryOffset + queryLength, keyStart: keyOffset, keyEnd: keyOffset + keyLength };
  rule.fit?.(operation, extent);
  return extent;
}

/** Checks the indices of a cell. */
export function checkCell(operation: string, rule: AttentionRule, batch: number, head: number, query: number, key: number): void {
  checkInteger(operation, "batch", batch, 0, rule.batch > 1 ? rule.batch - 1 : undefined);
  checkInteger(operation, "head", head, 0, rule.heads > 1 ? rule.heads - 1 : undefined);
  checkInteger(operation, "query", query, 0);
  checkInteger(operation, "key", key, 0);
}

/** Checks an array and copies it, so that later changes by the caller have no effect. */
export function checkArray<Item>(operation: string, argument: string, value: readonly Item[], length?: number): Item[] {
  if (!Array.isArray(value)) refuse(ValueError, operation, argument, "an array", describeValue(value));
  if (length === undefined || value.length === length) return Array.from(value);
  return refuse(ShapeError, operation, argument, `of length ${length}`, value.length);
}

/** Checks an array of integers >= min. */
export function checkIntegers(operation: string, argument: string, value: readonly number[], length?: number, min = 0): number[] {
  const items = checkArray(operation, argument, value, length);
  items.forEach((item, index) => checkInteger(operation, `${argument}[${index}]`, item, min));
  return items;
}

/** Checks an array of arrays of equal length. */
export function checkRows<Item>(
  operation: string,
  argument: string,
  value: readonly (readonly Item[])[],
  checkRow: typeof checkArray<Item>,
): Item[][] {
  const rows = checkArray(operation, argument, value);
  return rows.map((row, index) => checkRow(operation, `${argument}[${index}]`, row, rows[0]?.length));
}

/** Checks an array of booleans; 1 and "true" are rejected. */
export function checkBooleans(operation: string, argument: string, value: readonly boolean[], length?: number): boolean[] {
  const items = checkArray(operation, argument, value, length);
  const wrong = items.findIndex((item) => typeof item !== "boolean");
  if (wrong < 0) return items;
  return refuse(ValueError, operation, `${argument}[${wrong}]`, "true or false", describeValue(items[wrong]));
}

/** Checks that there is at least one row, because a mask has at least one batch element. */
export function checkBatch<Row>(operation: string, argument: string, rows: Row[]): Row[] {
  if (rows.length > 0) return rows;
  return refuse(ShapeError, operation, argument, "not empty", "[]");
}

function checkBroadcast(operation: string, argument: string, own: number, asked: number): void {
  if (own === 1 || own === asked) return;
  refuse(ShapeError, operation, argument, `${own}, the ${argument} of the mask`, asked);
}
