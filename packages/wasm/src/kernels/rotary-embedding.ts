import type { GradConfig, TensorInfo } from "@tensorflow/tfjs-core";
import { refuse, ShapeError } from "@tfblocks/tensor-utils";
import { RotaryEmbedding, type RotaryEmbeddingAttrs, type RotaryPairing, runKernel } from "@tfblocks/tensor-utils/kernels";
import type { RotaryArguments } from "../generated/kernel-arguments.js";
import { gradientOf } from "../gradients/typed-gradient.js";
import type { KernelsWith } from "../runtime/kernel-function.js";
import { splitRows } from "../runtime/split-tasks.js";
import { choose, demandRank, demandShape } from "./checks.js";
import type { FastKernel, KernelCall } from "./fast-kernel.js";

const kernels: Readonly<Record<RotaryPairing, KernelsWith<RotaryArguments>>> = { half: "rotateHalves", interleaved: "rotateInterleaved" };

export const rotaryEmbedding: FastKernel = {
  kernelName: RotaryEmbedding,
  run({ runtime, inputs, attrs: { pairing, inverse } }: KernelCall<RotaryEmbeddingAttrs>) {
    const kernel = choose(RotaryEmbedding, "pairing", kernels, pairing);
    const { x, cos, sin } = checkInputs(inputs);
    const [batch, heads, length, headDim] = x.shape as [number, number, number, number];
    const [tableCount, , pairs] = cos.shape as [number, number, number];
    const output = runtime.output(x.shape);
    const { rowsPerTask, tasks } = splitRows(batch * heads * length, headDim * 2);
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
      tableStride: tableCount === 1 ? 0 : length * pairs * 4,
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
    return { x: () => runKernel(RotaryEmbedding, { x: dy, cos: cos!, sin: sin! }, { ...attrs, inverse: !attrs.inverse })[0] };
  },
});

/** @throws ShapeError, DTypeError when the tables are not `[batch|1, length, pairs]`, whose pairs fit into a head */
function checkInputs(inputs: KernelCall["inputs"]): { x: TensorInfo; cos: TensorInfo; sin: TensorInfo } {
  const x = demandRank(RotaryEmbedding, "x", inputs["x"], "batch heads length headDim");
  const cos = demandRank(RotaryEmbedding, "cos", inputs["cos"], "batch length pairs");
  const [batch, , length, headDim] = x.shape as [number, number, number, number];
  const [tableCount, positions, pairs] = cos.shape as [number, number, number];
  if ((tableCount !== 1 && tableCount !== batch) || positions !== length || pairs * 2 > headDim) {
    const expected = `[${batch} or 1, ${length}, at most ${Math.floor(headDim / 2)}]`;
    refuse(ShapeError, RotaryEmbedding, "cos", expected, `[${cos.shape.join(", ")}]`);
  }
  return { x, cos, sin: demandShape(RotaryEmbedding, "sin", inputs["sin"], cos.shape) };
}
