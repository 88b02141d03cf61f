import { checkInteger, describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";

/** The largest id that a tensor of ids can hold. */
export const largestId: number = 2 ** 31 - 1;

/** One prompt or several, as rows. @throws ValueError when there is none, one is empty, or an id is not an integer from 0 to 2^31 - 1 */
export function promptRows(operation: string, prompts: readonly number[] | readonly (readonly number[])[]): readonly (readonly number[])[] {
  checkArray(operation, "prompts", prompts, "an array of ids, or of such arrays");
  const isBatch = prompts.some((each) => typeof each === "object");
  const rows = isBatch ? (prompts as readonly (readonly number[])[]) : [prompts as readonly number[]];
  checkRows(operation, "prompts", rows);
  return rows;
}

/** @throws ValueError when a stop token is not an id, for example because a tokenizer lacks it */
export function checkStopTokens(operation: string, stopTokens: readonly number[]): void {
  checkArray(operation, "stopTokens", stopTokens, "an array of ids");
  for (const [at, id] of stopTokens.entries()) checkInteger(operation, `stopTokens[${at}]`, id, 0, largestId);
}

/** @throws ValueError when there is no row, one is empty, or an id is not an integer from 0 to 2^31 - 1 */
export function checkRows(operation: string, argument: string, rows: readonly (readonly number[])[]): void {
  if (rows.length === 0) refuse(ValueError, operation, argument, "at least one list of ids", "an empty list");
  for (const [index, row] of rows.entries()) {
    checkArray(operation, `${argument}[${index}]`, row, "an array of ids");
    if (row.length === 0) {
      refuse(ValueError, operation, `${argument}[${index}]`, "at least one id", "none", "start with the token that begins a text");
    }
    for (const [at, id] of row.entries()) checkInteger(operation, `${argument}[${index}][${at}]`, id, 0, largestId);
  }
}

function checkArray(operation: string, argument: string, value: unknown, expected: string): void {
  if (Array.isArray(value)) return;
  const advice = ArrayBuffer.isView(value) ? `copy it with Array.from(${argument})` : undefined;
  refuse(ValueError, operation, argument, expected, describeValue(value), advice);
}
