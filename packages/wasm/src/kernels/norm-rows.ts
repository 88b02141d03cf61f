import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { NormGradArguments } from "../generated/kernel-arguments.js";
import type { Runtime } from "../runtime/runtime.js";
import type { KernelsWith } from "../runtime/kernel-function.js";
import { splitRows } from "../runtime/split-tasks.js";
import { sizeOf } from "../sizes.js";

/** A tensor as rows of its last dimension. */
export interface Rows {
  readonly rows: number;
  readonly columns: number;
  /** The shape without the last dimension. */
  readonly outer: readonly number[];
}

export function rowsOf({ shape }: TensorInfo): Rows {
  const outer = shape.slice(0, -1);
  return { rows: sizeOf(outer), columns: shape.at(-1)!, outer };
}

/** Calls a function with the address of a row: a tensor plus an offset, or the offset alone when there is no tensor. */
export function lendRow<Result>(
  runtime: Runtime,
  row: TensorInfo | undefined,
  columns: number,
  offset: number,
  body: (address: number) => Result,
): Result {
  if (row !== undefined && offset === 0) return body(runtime.address(row));
  return runtime.scratch(columns * 4, (address) => {
    runtime.run("shift", { x: row === undefined ? 0 : runtime.address(row), y: address, count: columns, value: offset });
    return body(address);
  });
}

/** What the gradient kernels of both norms read and write; addresses are 0 for what RMSNorm lacks. */
export interface NormGradCall {
  readonly dy: TensorInfo;
  readonly x: TensorInfo;
  readonly weight: number;
  readonly mean: number;
  readonly rstd: TensorInfo;
  readonly dx: TensorInfo;
  readonly dweight: TensorInfo | undefined;
  readonly dbias: TensorInfo | undefined;
}

/** The maximum number of blocks of rows. It depends on sizes only, so that the number of threads does not change a result. */
const mostBlocks = 64;

/** Runs a gradient kernel on blocks of rows, and sums their gradients of weight and bias. */
export function runNormGrad(runtime: Runtime, kernel: KernelsWith<NormGradArguments>, call: NormGradCall): void {
  const { rows, columns } = rowsOf(call.x);
  const rowsPerTask = Math.max(splitRows(rows, columns * 8).rowsPerTask, Math.ceil(rows / mostBlocks));
  const tasks = Math.ceil(rows / rowsPerTask);
  const { weight, mean } = call;
  const [dy, x, rstd, dx] = [runtime.address(call.dy), runtime.address(call.x), runtime.address(call.rstd), runtime.address(call.dx)];
  runtime.scratch(tasks * columns * 8, (partials) => {
    runtime.run(kernel, { dy, x, weight, mean, rstd, dx, partials, rows, columns, rowsPerTask }, tasks);
    if (call.dweight) sumBlocks(runtime, partials, call.dweight, tasks);
    if (call.dbias) sumBlocks(runtime, partials + columns * 4, call.dbias, tasks);
  });
}

function sumBlocks(runtime: Runtime, partials: number, output: TensorInfo, blocks: number): void {
  const columns = output.shape[0]!;
  const columnsPerTask = splitRows(columns, blocks).rowsPerTask & ~3 || 4;
  const args = { x: partials, y: runtime.address(output), rows: blocks, columns, stride: columns * 8, columnsPerTask };
  runtime.run("sumRows", args, Math.ceil(columns / columnsPerTask));
}
