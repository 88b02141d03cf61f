import type { ReduceArguments } from "../generated/kernel-arguments.js";
import type { Runtime } from "../runtime/runtime.js";
import type { KernelsWith } from "../runtime/kernel-function.js";
import { splitRows } from "../runtime/split-tasks.js";
import type { ReductionPass } from "./plan-reduction.js";

export type ReduceKernel = KernelsWith<ReduceArguments>;

/** The functions of a reduction: `first` for the numbers, `next` for the results of an earlier pass. */
export interface Reducer {
  readonly first: ReduceKernel;
  readonly next: ReduceKernel;
  readonly partialBytes: number;
  /** The maximum number of columns of one item of work. */
  readonly width: number;
}

/** Reduces the numbers at `x` into `y` pass by pass; the last pass divides by the divisor. */
export function runReduction(
  runtime: Runtime,
  { first, next, partialBytes, width }: Reducer,
  passes: readonly ReductionPass[],
  { x, y, divisor }: { readonly x: number; readonly y: number; readonly divisor: number },
): void {
  const [pass, ...rest] = passes as [ReductionPass, ...ReductionPass[]];
  if (rest.length === 0) return runPass(runtime, first, width, pass, x, y, divisor);
  runtime.scratch(partials(pass) * partialBytes, (between) => {
    runPass(runtime, first, width, pass, x, between, 0);
    runReduction(runtime, { first: next, next, partialBytes, width }, rest, { x: between, y, divisor });
  });
}

function runPass(runtime: Runtime, kernel: ReduceKernel, width: number, pass: ReductionPass, x: number, y: number, divisor: number): void {
  const { outer, length, inner, pieceLength } = pass;
  const items = outer * Math.ceil(length / pieceLength) * Math.ceil(inner / width);
  const { rowsPerTask, tasks } = splitRows(items, pieceLength * Math.min(inner, width));
  runtime.run(kernel, { x, y, outer, length, inner, pieceLength, itemsPerTask: rowsPerTask, divisor }, tasks);
}

function partials({ outer, length, inner, pieceLength }: ReductionPass): number {
  return outer * Math.ceil(length / pieceLength) * inner;
}
