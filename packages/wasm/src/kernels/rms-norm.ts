import type { GradConfig, Tensor, TensorInfo } from "@tensorflow/tfjs-core";
import { RMSNorm, type RMSNormAttrs, RMSNormGrad, runKernel } from "@tfblocks/tensor-utils/kernels";
import { gradientOf } from "../gradients/typed-gradient.js";
import type { Runtime } from "../runtime/runtime.js";
import { splitRows } from "../runtime/split-tasks.js";
import { demandRank, demandShape } from "./checks.js";
import type { FastKernel, KernelCall } from "./fast-kernel.js";
import { lendRow, rowsOf, runNormGrad } from "./norm-rows.js";

export const rmsNorm: FastKernel = {
  kernelName: RMSNorm,
  run({ runtime, inputs, attrs }: KernelCall<RMSNormAttrs>) {
    const x = demandRank(RMSNorm, "x", inputs[0], "... features");
    const { rows, columns, outer } = rowsOf(x);
    const weight = attrs.hasWeight ? demandShape(RMSNorm, "weight", inputs[1], [columns]) : undefined;
    const [y, rstd] = [runtime.output(x.shape), runtime.output(outer)];
    const { rowsPerTask, tasks } = splitRows(rows, columns * 4);
    const [xAt, yAt, rstdAt] = [runtime.address(x), runtime.address(y), runtime.address(rstd)];
    const { eps } = attrs;
    lendFactors(runtime, weight, columns, attrs, (weights) =>
      lendRow(runtime, undefined, columns, 0, (zeros) => {
        runtime.run(
          "rmsNorm",
          { x: xAt, weight: weights, bias: zeros, y: yAt, mean: 0, rstd: rstdAt, rows, columns, rowsPerTask, eps },
          tasks,
        );
      }),
    );
    return [y, rstd];
  },
};

export const rmsNormGrad: FastKernel = {
  kernelName: RMSNormGrad,
  run({ runtime, inputs, attrs }: KernelCall<RMSNormAttrs>) {
    const x = demandRank(RMSNormGrad, "x", inputs[1], "... features");
    const { columns, outer } = rowsOf(x);
    const dy = demandShape(RMSNormGrad, "dy", inputs[0], x.shape);
    const weight = attrs.hasWeight ? demandShape(RMSNormGrad, "weight", inputs[2], [columns]) : undefined;
    const rstd = demandShape(RMSNormGrad, "rstd", inputs[attrs.hasWeight ? 3 : 2], outer);
    const dx = runtime.output(x.shape);
    const dweight = attrs.hasWeight ? runtime.output([columns]) : undefined;
    lendFactors(runtime, weight, columns, attrs, (weights) =>
      runNormGrad(runtime, "rmsNormGrad", { dy, x, weight: weights, mean: 0, rstd, dx, dweight, dbias: undefined }),
    );
    return [dx, dweight].filter((tensor) => tensor !== undefined);
  },
};

export const rmsNormGradient: GradConfig = gradientOf<RMSNormAttrs, Tensor[]>({
  kernelName: RMSNorm,
  saveAllInputs: true,
  outputsToSave: [false, true],
  gradFunc(dys, saved, attrs) {
    const gradients = runKernel(RMSNormGrad, [dys[0]!, ...saved], attrs);
    return Object.fromEntries(gradients.map((gradient, index) => [index, () => gradient]));
  },
});

function lendFactors(
  runtime: Runtime,
  weight: TensorInfo | undefined,
  columns: number,
  { weightOffset }: RMSNormAttrs,
  body: (address: number) => void,
): void {
  lendRow(runtime, weight, columns, weight ? weightOffset : 1, body);
}
