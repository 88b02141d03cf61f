import type { TensorInfo } from "@tensorflow/tfjs-core";
import { type KernelFunction, type Runtime, splitRows } from "../runtime/runtime.js";
import { sizeOf } from "./checks.js";

const block = 1024;

/** Splits numbers into tasks by blocks of 1024, where each takes some steps of work. */
function splitNumbers(count: number, workPerNumber: number): { countPerTask: number; tasks: number } {
  const { rowsPerTask, tasks } = splitRows(Math.ceil(count / block), block * workPerNumber);
  return { countPerTask: rowsPerTask * block, tasks };
}

/** Runs a function of single numbers: its arguments are the addresses, the count, and the count of each task. */
export function runNumbers(
  runtime: Runtime,
  kernel: KernelFunction,
  tensors: readonly TensorInfo[],
  workPerNumber: number,
  more: readonly number[] = [],
): void {
  const count = sizeOf(tensors[0]!.shape);
  const { countPerTask, tasks } = splitNumbers(count, workPerNumber);
  runtime.run(kernel, [...tensors.map((tensor) => runtime.address(tensor)), count, countPerTask, ...more], tasks);
}
