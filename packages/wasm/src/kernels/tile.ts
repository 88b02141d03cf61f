import { type TensorInfo, Tile, type TileAttrs, util } from "@tensorflow/tfjs-core";
import type { Runtime } from "../runtime/runtime.js";
import { splitRows } from "../runtime/split-tasks.js";
import { sizeOf } from "../sizes.js";
import type { FastKernel, KernelCall } from "./fast-kernel.js";

/** Blocks of at least this many bytes are copied one at a time. */
const longBlock = 1024;

/** `tf.tile` and `tf.broadcastTo`: copies whole blocks, one dimension after the other. */
export const tile: FastKernel = {
  kernelName: Tile,
  run({ runtime, inputs, attrs: { reps }, stock }: KernelCall<TileAttrs>) {
    const x = inputs["x"]!;
    if (x.dtype === "string" || x.dtype === "complex64") return stock();
    const steps = stepsOf(x, reps);
    const shape = x.shape.map((size, axis) => size * reps[axis]!);
    const output = runtime.output(shape, x.dtype);
    if (sizeOf(shape) > 0) repeatAll(runtime, runtime.address(x), runtime.address(output), steps);
    return output;
  },
};

/** Copies `[blocks, bytes]` to `[blocks, repeats, bytes]`. */
interface Step {
  readonly blocks: number;
  readonly repeats: number;
  readonly bytes: number;
}

/** The steps from the last dimension to the first; at least one, because the output is a copy. */
function stepsOf({ shape, dtype }: TensorInfo, repeats: readonly number[]): Step[] {
  let bytes = util.bytesPerElement(dtype);
  const steps = shape.map((_, at): Step => {
    const axis = shape.length - 1 - at;
    const step = { blocks: sizeOf(shape.slice(0, axis)), repeats: repeats[axis]!, bytes: bytes * shape[axis]! };
    bytes = step.bytes * step.repeats;
    return step;
  });
  const needed = steps.filter((step) => step.repeats !== 1);
  return needed.length > 0 ? needed : [{ blocks: 1, repeats: 1, bytes }];
}

/** Every step but the last writes to scratch memory. */
function repeatAll(runtime: Runtime, x: number, y: number, [step, ...rest]: readonly Step[]): void {
  if (rest.length === 0) return repeat(runtime, x, y, step!);
  runtime.scratch(step!.blocks * step!.repeats * step!.bytes, (between) => {
    repeat(runtime, x, between, step!);
    repeatAll(runtime, between, y, rest);
  });
}

function repeat(runtime: Runtime, x: number, y: number, { blocks, repeats, bytes }: Step): void {
  const isLong = bytes >= longBlock;
  const { rowsPerTask, tasks } = isLong ? splitRows(blocks * repeats, bytes / 4) : splitRows(blocks, (repeats * bytes) / 4);
  runtime.run(isLong ? "repeatLong" : "repeatShort", { x, y, blocks, repeats, bytes, perTask: rowsPerTask }, tasks);
}
