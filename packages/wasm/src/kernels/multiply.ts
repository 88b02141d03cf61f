import type { TensorInfo } from "@tensorflow/tfjs-core";
import { broadcastShapes, refuse, ShapeError } from "@tfblocks/tensor-utils";
import type { GemmArguments } from "../generated/kernel-arguments.js";
import type { Runtime } from "../runtime/runtime.js";
import { splitColumns } from "../runtime/split-tasks.js";
import { sizeOf } from "../sizes.js";

/** A matrix product of the last two dimensions, with batch dimensions broadcast. */
export interface Product {
  readonly operation: string;
  readonly a: TensorInfo;
  readonly b: TensorInfo;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  /** `[columns]`. */
  readonly bias?: TensorInfo | undefined;
  /** Numbered in assembly/fused-activation.ts; default 0, none. */
  readonly activation?: number;
  /** Slope of leakyrelu. */
  readonly alpha?: number;
}

/** Sizes of one operand: lines (rows of A, columns of B) and depth, and the elements from one to the next. */
interface Operand {
  readonly batch: readonly number[];
  readonly lines: number;
  readonly depth: number;
  readonly lineStride: number;
  readonly depthStride: number;
}

/** activation(A B + bias): `[..., rows, columns]`, on all threads. */
export function multiply(runtime: Runtime, product: Product): TensorInfo {
  const [batched, b] = [operand(product.a, product.transposeA), operand(product.b, !product.transposeB)];
  checkProduct(product, batched, b);
  const fullBatch = broadcastShapes(product.operation, batched.batch, b.batch);
  const output = runtime.output([...fullBatch, batched.lines, b.lines]);
  const [a, batch] = sizeOf(b.batch) === 1 && !product.transposeA ? [stacked(batched), []] : [batched, fullBatch];
  const count = sizeOf(batch);
  if (count * a.lines * b.lines === 0) return output;
  if (a.depth === 0) runtime.clear(runtime.address(output), count * a.lines * b.lines * 4);
  withBias(runtime, product.bias, b.lines, (bias) => {
    const addresses = { a: runtime.address(product.a), b: runtime.address(product.b), c: runtime.address(output), bias };
    const plan = { a, b, addresses, activation: product.activation ?? 0, alpha: product.alpha ?? 0 };
    if (count === 1 && a.lines <= fewRows && !product.transposeA) runFewRows(runtime, plan);
    else withOffsets(runtime, [offsets(a, batch), offsets(b, batch)], (...starts) => runGemm(runtime, plan, count, starts));
  });
  return output;
}

/** A product as the kernels see it. */
interface Plan {
  readonly a: Operand;
  readonly b: Operand;
  /** Of A, B, C and the bias, which is 0 when there is none. */
  readonly addresses: Pick<GemmArguments, "a" | "b" | "c" | "bias">;
  readonly activation: number;
  readonly alpha: number;
}

/** For at most this many rows, packing would cost more than the product. */
const fewRows = 4;

/** Calls a function with the address of the bias; a single number is repeated for all columns. */
function withBias(runtime: Runtime, bias: TensorInfo | undefined, columns: number, body: (address: number) => void): void {
  if (bias === undefined) body(0);
  else if (sizeOf(bias.shape) === columns) body(runtime.address(bias));
  else {
    const [value] = runtime.backend.readSync(bias.dataId) as Float32Array;
    runtime.upload(new Float32Array(columns).fill(value!), body);
  }
}

function operand({ shape }: TensorInfo, depthFirst: boolean): Operand {
  const [first, second] = shape.slice(-2) as [number, number];
  const batch = shape.slice(0, -2);
  return depthFirst
    ? { batch, lines: second, depth: first, lineStride: 1, depthStride: second }
    : { batch, lines: first, depth: second, lineStride: second, depthStride: 1 };
}

/** All rows of a batch as the rows of one product, for when the other operand is the same for all. */
function stacked({ batch, lines, depth, lineStride, depthStride }: Operand): Operand {
  return { batch: [], lines: lines * sizeOf(batch), depth, lineStride, depthStride };
}

function checkProduct({ operation, a, b, bias }: Product, left: Operand, right: Operand): void {
  if (left.depth !== right.depth) {
    refuse(ShapeError, operation, "b", `of inner size ${left.depth} (from a [${a.shape.join(", ")}])`, `[${b.shape.join(", ")}]`);
  }
  if (bias !== undefined && ![1, right.lines].includes(sizeOf(bias.shape))) {
    refuse(ShapeError, operation, "bias", `[${right.lines}]`, `[${bias.shape.join(", ")}]`);
  }
}

function runFewRows(runtime: Runtime, { a, b, addresses, activation, alpha }: Plan): void {
  const inLines = b.depthStride === 1;
  const [rows, columns, depth] = [a.lines, b.lines, a.depth];
  const { columnBlock, tasks } = inLines ? splitColumns(columns, depth * 4, runtime.threads) : inBlocksOf(512, columns);
  runtime.run(
    inLines ? "gemvLines" : "gemvRows",
    { a: addresses.a, b: addresses.b, c: addresses.c, bias: addresses.bias, rows, columns, depth, columnBlock, activation, alpha },
    tasks,
    rows * columns * depth,
  );
}

function inBlocksOf(columnBlock: number, columns: number): { columnBlock: number; tasks: number } {
  return { columnBlock, tasks: Math.ceil(columns / columnBlock) };
}

function runGemm(runtime: Runtime, plan: Plan, count: number, [aOffsets, bOffsets]: readonly [number, number]): void {
  const { a, b, addresses, activation, alpha } = plan;
  const [rows, columns, depth] = [a.lines, b.lines, a.depth];
  const { rowBlock, columnBlock } = blocksOf(rows, columns);
  const scratchBytes = runtime.scratchSizes.gemmBytes(Math.min(rows, rowBlock), Math.min(columns, columnBlock), depth);
  const tasks = count * Math.ceil(rows / rowBlock) * Math.ceil(columns / columnBlock);
  runtime.scratch(scratchBytes * runtime.threads, (scratch) => {
    const args: GemmArguments = {
      a: addresses.a,
      b: addresses.b,
      c: addresses.c,
      bias: addresses.bias,
      aOffsets,
      bOffsets,
      scratch,
      scratchBytes,
      rows,
      columns,
      depth,
      aRow: a.lineStride * 4,
      aDepth: a.depthStride * 4,
      bColumn: b.lineStride * 4,
      bDepth: b.depthStride * 4,
      rowBlock,
      columnBlock,
      activation,
      alpha,
    };
    runtime.run("gemm", args, tasks, count * rows * columns * depth);
  });
}

/** With large blocks each operand is packed less often; small blocks leave work for every thread. */
function blocksOf(rows: number, columns: number): { rowBlock: number; columnBlock: number } {
  return rows * columns >= 2 ** 17 ? { rowBlock: 128, columnBlock: 512 } : { rowBlock: 64, columnBlock: 256 };
}

/** The offset in bytes of the operand of each product; undefined when there is one product. */
function offsets({ batch, lines, depth }: Operand, full: readonly number[]): Int32Array | undefined {
  const count = sizeOf(full);
  if (count === 1) return undefined;
  const starts = new Int32Array(count);
  const missing = full.length - batch.length;
  for (let product = 0; product < count; product++) {
    let [rest, index, stride] = [product, 0, 1];
    for (let axis = full.length - 1; axis >= missing; axis--) {
      const size = batch[axis - missing]!;
      if (size > 1) index += (rest % full[axis]!) * stride;
      stride *= size;
      rest = Math.floor(rest / full[axis]!);
    }
    starts[product] = index * lines * depth * 4;
  }
  return starts;
}

function withOffsets(
  runtime: Runtime,
  [a, b]: readonly [Int32Array | undefined, Int32Array | undefined],
  body: (aOffsets: number, bOffsets: number) => void,
): void {
  if (a === undefined || b === undefined) body(0, 0);
  else runtime.upload(a, (aOffsets) => runtime.upload(b, (bOffsets) => body(aOffsets, bOffsets)));
}
