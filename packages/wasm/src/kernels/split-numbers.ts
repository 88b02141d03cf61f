import { splitRows } from "../runtime/split-tasks.js";
import { sizeOf } from "../sizes.js";

const block = 1024;

/** Splits the numbers of a shape into tasks by blocks of 1024, where each number takes `workPerNumber` steps of work. */
export function splitNumbers(
  shape: readonly number[],
  workPerNumber: number,
): { readonly counts: { readonly count: number; readonly countPerTask: number }; readonly tasks: number } {
  const count = sizeOf(shape);
  const { rowsPerTask, tasks } = splitRows(Math.ceil(count / block), block * workPerNumber);
  return { counts: { count, countPerTask: rowsPerTask * block }, tasks };
}
