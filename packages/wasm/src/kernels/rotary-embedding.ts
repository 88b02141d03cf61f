import type { GradConfig, TensorInfo } from "@tensorflow/tfjs-core";
import { refuse, ShapeError } from "@tfblocks/tensor-utils";
import {
  RotaryEmbedding,
  type RotaryEmbeddingAttrs,
  type RotaryPairing,
  type RotaryTables,
  runKernel,
} from "@tfblocks/tensor-utils/kernels";
import type { RotaryArguments } from "../generated/kernel-arguments.js";
import { gradientOf } from "../gradients/typed-gradient.js";
import { type KernelsWith, splitRows } from "../runtime/runtime.js";
import { sizeOf } from "../sizes.js";
import { choose, demandRank } from "./checks.js";
import type { FastKernel, KernelCall } from "./fast-kernel.js";

const kernels: Readonly<Record<RotaryPairing, KernelsWith<RotaryArguments>>> = { half: "rotateHalves", interleaved: "rotateInterleaved" };

export const rotaryEmbedding: FastKernel = {
  kernelName: RotaryEmbedding,
  run({ runtime, inputs, attrs: { pairing, inverse, tables } }: KernelCall<RotaryEmbeddingAttrs>) {
    const kernel = choose(RotaryEmbedding, "pairing", kernels, pairing);
    const x = demandRank(RotaryEmbedding, "x", inputs["x"], "batch heads length headDim");
    demandTables(x, tables);
    const [batch, heads, length, headDim] = x.shape as [number, number, number, number];
    const pairs = tables.shape[2];
    const output = runtime.output(x.shape);
    const { rowsPerTask, tasks } = splitRows(batch * heads * length, headDim * 2);
    runtime.upload(tables.cos, (cos) =>
      runtime.upload(tables.sin, (sin) => {
        const args: RotaryArguments = {
          x: runtime.address(x),
          cos,
          sin,
          y: runtime.address(output),
          rows: batch * heads * length,
          rowsPerBatch: heads * length,
          length,
          headDim,
          pairs,
          tableStride: tables.shape[0] === 1 ? 0 : length * pairs * 4,
          rowsPerTask,
          sign: inverse ? -1 : 1,
        };
        runtime.run(kernel, args, tasks);
      }),
    );
    return output;
  },
};

export const rotaryEmbeddingGradient: GradConfig = gradientOf<RotaryEmbeddingAttrs>({
  kernelName: RotaryEmbedding,
  gradFunc(dy, _saved, attrs) {
    return { x: () => runKernel(RotaryEmbedding, { x: dy }, { ...attrs, inverse: !attrs.inverse })[0] };
  },
});

/** @throws ShapeError when the tables are none of `[batch|1, length, pairs]`, whose pairs fit into a head */
function demandTables(x: TensorInfo, { cos, sin, shape }: RotaryTables): void {
  const [batch, , length, headDim] = x.shape as [number, number, number, number];
  const [tables, positions, pairs] = shape;
  if ((tables !== 1 && tables !== batch) || positions !== length || pairs * 2 > headDim) {
    const expected = `[${batch} or 1, ${length}, at most ${Math.floor(headDim / 2)}]`;
    refuse(ShapeError, RotaryEmbedding, "tables", expected, `[${shape.join(", ")}]`);
  }
  for (const [name, table] of Object.entries({ cos, sin })) {
    if (table.length !== sizeOf(shape)) refuse(ShapeError, RotaryEmbedding, name, `${sizeOf(shape)} numbers`, table.length);
  }
}
