import type { GradConfig, Tensor, TensorInfo } from "@tensorflow/tfjs-core";
import { LayerNorm, type LayerNormAttrs, LayerNormGrad, runKernel } from "@tfblocks/tensor-utils/kernels";
import { gradientOf } from "../gradients/typed-gradient.js";
import { splitRows } from "../runtime/split-tasks.js";
import { demandRank, demandShape } from "./checks.js";
import type { FastKernel, KernelCall, KernelInputs } from "./fast-kernel.js";
import { lendRow, rowsOf, runNormGrad } from "./norm-rows.js";

export const layerNorm: FastKernel = {
  kernelName: LayerNorm,
  run({ runtime, inputs, attrs }: KernelCall<LayerNormAttrs>) {
    const { x, weight, bias } = affineInputs(LayerNorm, inputs, 0, attrs);
    const { rows, columns, outer } = rowsOf(x);
    const [y, mean, rstd] = [runtime.output(x.shape), runtime.output(outer), runtime.output(outer)];
    const { rowsPerTask, tasks } = splitRows(rows, columns * 4);
    const [xAt, yAt, meanAt, rstdAt] = [runtime.address(x), runtime.address(y), runtime.address(mean), runtime.address(rstd)];
    const { eps } = attrs;
    lendRow(runtime, weight, columns, weight ? 0 : 1, (weights) =>
      lendRow(runtime, bias, columns, 0, (biases) => {
        runtime.run(
          "layerNorm",
          { x: xAt, weight: weights, bias: biases, y: yAt, mean: meanAt, rstd: rstdAt, rows, columns, rowsPerTask, eps },
          tasks,
        );
      }),
    );
    return [y, mean, rstd];
  },
};

export const layerNormGrad: FastKernel = {
  kernelName: LayerNormGrad,
  run({ runtime, inputs, attrs }: KernelCall<LayerNormAttrs>) {
    const { x, weight } = affineInputs(LayerNormGrad, inputs, 1, { ...attrs, hasBias: false });
    const { columns, outer } = rowsOf(x);
    const dy = demandShape(LayerNormGrad, "dy", inputs[0], x.shape);
    const after = attrs.hasWeight ? 3 : 2;
    const mean = demandShape(LayerNormGrad, "mean", inputs[after], outer);
    const rstd = demandShape(LayerNormGrad, "rstd", inputs[after + 1], outer);
    const dx = runtime.output(x.shape);
    const dweight = attrs.hasWeight ? runtime.output([columns]) : undefined;
    const dbias = attrs.hasBias ? runtime.output([columns]) : undefined;
    lendRow(runtime, weight, columns, weight ? 0 : 1, (weights) =>
      runNormGrad(runtime, "layerNormGrad", { dy, x, weight: weights, mean: runtime.address(mean), rstd, dx, dweight, dbias }),
    );
    return [dx, dweight, dbias].filter((tensor) => tensor !== undefined);
  },
};

export const layerNormGradient: GradConfig = gradientOf<LayerNormAttrs, Tensor[]>({
  kernelName: LayerNorm,
  saveAllInputs: true,
  outputsToSave: [false, true, true],
  gradFunc(dys, saved, attrs) {
    const inputs = [dys[0]!, ...saved.slice(0, attrs.hasWeight ? 2 : 1), ...saved.slice(-2)];
    const gradients = runKernel(LayerNormGrad, inputs, attrs);
    return Object.fromEntries(gradients.map((gradient, index) => [index, () => gradient]));
  },
});

interface Affine {
  readonly x: TensorInfo;
  readonly weight: TensorInfo | undefined;
  readonly bias: TensorInfo | undefined;
}

/** x `[..., features]`, and weight and bias `[features]` after it. */
function affineInputs(
  kernelName: string,
  inputs: KernelInputs,
  first: number,
  { hasWeight, hasBias }: Pick<LayerNormAttrs, "hasWeight" | "hasBias">,
): Affine {
  const x = demandRank(kernelName, "x", inputs[first], "... features");
  const features = x.shape.slice(-1);
  const weight = hasWeight ? demandShape(kernelName, "weight", inputs[first + 1], features) : undefined;
  const bias = hasBias ? demandShape(kernelName, "bias", inputs[first + (hasWeight ? 2 : 1)], features) : undefined;
  return { x, weight, bias };
}
