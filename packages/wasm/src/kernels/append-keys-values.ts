import type { TensorInfo } from "@tensorflow/tfjs-core";
import { AppendKeysValues, type AppendKeysValuesAttrs } from "@tfblocks/tensor-utils/kernels";
import type { Runtime } from "../runtime/runtime.js";
import { splitRows } from "../runtime/split-tasks.js";
import { demandRank, demandShape, demandWhole } from "./checks.js";
import type { FastKernel, KernelCall } from "./fast-kernel.js";

/** Copies the new rows of each head behind the cached ones. */
export const appendKeysValues: FastKernel = {
  kernelName: AppendKeysValues,
  run({ runtime, inputs, attrs: { at } }: KernelCall<AppendKeysValuesAttrs>) {
    const pairs = [checkedPair(inputs, "cachedKey", "key", at), checkedPair(inputs, "cachedValue", "value", at)];
    for (const [cached, fresh] of pairs) append(runtime, cached, fresh, at);
    return [];
  },
};

type Pair = readonly [cached: TensorInfo, fresh: TensorInfo];

/** @throws ShapeError, DTypeError, ValueError when the new rows do not fit into the cached ones */
function checkedPair(inputs: KernelCall["inputs"], cachedName: string, name: string, at: number): Pair {
  const cached = demandRank(AppendKeysValues, cachedName, inputs[cachedName], "batch kvHeads room dim");
  const { shape } = demandRank(AppendKeysValues, name, inputs[name], "batch kvHeads length dim");
  const fresh = demandShape(AppendKeysValues, name, inputs[name], cached.shape.with(2, shape[2]!));
  demandWhole(AppendKeysValues, "at", at, 0, cached.shape[2]! - shape[2]!);
  return [cached, fresh];
}

function append(runtime: Runtime, cached: TensorInfo, fresh: TensorInfo, at: number): void {
  const [batch, kvHeads, room, dim] = cached.shape as [number, number, number, number];
  const [lines, bytes] = [batch * kvHeads, fresh.shape[2]! * dim * 4];
  if (lines * bytes === 0) return;
  const [from, to] = [runtime.address(fresh), runtime.address(cached) + at * dim * 4];
  runtime.changes(cached);
  const { rowsPerTask: linesPerTask, tasks } = splitRows(lines, bytes / 4);
  runtime.run("copyLines", { from, to, lines, bytes, fromStride: bytes, toStride: room * dim * 4, linesPerTask }, tasks, lines * bytes);
}
