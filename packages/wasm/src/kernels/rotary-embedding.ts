import type { GradConfig, TensorInfo } from "@tensorflow/tfjs-core";
import { refuse, ShapeError } from "@tfblocks/tensor-utils";
import { RotaryEmbedding, type RotaryEmbeddingAttrs, type RotaryPairing, runKernel } from "@tfblocks/tensor-utils/kernels";
import type { RotaryArguments } from "../generated/kernel-arguments.js";
import { gradientOf } from "../gradients/typed-gradient.js";
import { type KernelsWith, splitRows } from "../runtime/runtime.js";
import { choose, demandRank, demandShape } from "./checks.js";
import type { FastKernel, KernelCall } from "./fast-kernel.js";

const kernels: Readonly<Record<RotaryPairing, KernelsWith<RotaryArguments>>> = { half: "rotateHalves", interleaved: "rotateInterleaved" };

export const rotaryEmbedding: FastKernel = {
  kernelName: RotaryEmbedding,
  run({ runtime, inputs, attrs: { pairing, inverse } }: KernelCall<RotaryEmbeddingAttrs>) {
    const kernel = choose(RotaryEmbedding, "pairing", kernels, pairing);
    const x = demandRank(RotaryEmbedding, "x", inputs["x"], "batch heads length headDim");
    const cos = demandTable(x, inputs["cos"]);
    const sin = demandShape(RotaryEmbedding, "sin", inputs["sin"], cos.shape);
    const [batch, heads, length, headDim] = x.shape as [number, number, number, number];
    const pairs = cos.shape[2]!;
    const output = runtime.output(x.shape);
    const { rowsPerTask, tasks } = splitRows(batch * heads * length, headDim * 2);
    const tableStride = cos.shape[0] === 1 ? 0 : length * pairs * 4;
    const args: RotaryArguments = {
      x: runtime.address(x),
      cos: runtime.address(cos),
      sin: runtime.address(sin),
      y: runtime.address(output),
      rows: batch * heads * length,
      rowsPerBatch: heads * length,
      length,
      headDim,
      pairs,
      tableStride,
      rowsPerTask,
      sign: inverse ? -1 : 1,
    };
    runtime.run(kernel, args, tasks);
    return output;
  },
};

export const rotaryEmbeddingGradient: GradConfig = gradientOf<RotaryEmbeddingAttrs>({
  kernelName: RotaryEmbedding,
  inputsToSave: ["cos", "sin"],
  gradFunc(dy, [cos, sin], attrs) {
    const inputs = { x: dy, cos: cos!, sin: sin! };
    return { x: () => runKernel(RotaryEmbedding, inputs, { ...attrs, inverse: !attrs.inverse })[0] };
  },
});

/** Checks cos `[batch|1, length, pairs]`, whose pairs must fit into a head. */
function demandTable(x: TensorInfo, cos: TensorInfo | undefined): TensorInfo {
  const [batch, , length, headDim] = x.shape as [number, number, number, number];
  const table = demandRank(RotaryEmbedding, "cos", cos, "batch|1 length rotaryDim/2");
  const [tables, positions, pairs] = table.shape as [number, number, number];
  if ((tables === 1 || tables === batch) && positions === length && pairs * 2 <= headDim) return table;
  const expected = `[${batch} or 1, ${length}, at most ${Math.floor(headDim / 2)}]`;
  return refuse(ShapeError, RotaryEmbedding, "cos", expected, `[${table.shape.join(", ")}]`);
}
