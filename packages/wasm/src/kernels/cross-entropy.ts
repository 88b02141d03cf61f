import type { GradConfig, Tensor, TensorInfo } from "@tensorflow/tfjs-core";
import { refuse, ValueError } from "@tfblocks/tensor-utils";
import { CrossEntropy, type CrossEntropyAttrs, CrossEntropyGrad } from "@tfblocks/tensor-utils/kernels";
import { floatBits, type Runtime, splitRows } from "../runtime/runtime.js";
import { demandRank, demandShape } from "./checks.js";
import type { FastKernel, KernelCall, KernelInputs } from "./fast-kernel.js";
import { runKernel } from "./run-kernel.js";

export const crossEntropy: FastKernel = {
  kernelName: CrossEntropy,
  run({ runtime, inputs, attrs }: KernelCall<CrossEntropyAttrs>) {
    const { logits, labels } = demandRows(CrossEntropy, runtime, inputs, attrs);
    const outputs = [runtime.output(labels.shape), runtime.output(labels.shape)];
    runRows(runtime, "crossEntropy", [logits, labels, ...outputs], logits, attrs);
    return outputs;
  },
};

export const crossEntropyGrad: FastKernel = {
  kernelName: CrossEntropyGrad,
  run({ runtime, inputs, attrs }: KernelCall<CrossEntropyAttrs>) {
    const { logits, labels } = demandRows(CrossEntropyGrad, runtime, inputs, attrs);
    const [dloss, dlogSumExp, logSumExp] = ["dloss", "dlogSumExp", "logSumExp"].map((name) =>
      demandShape(CrossEntropyGrad, name, inputs[name], labels.shape),
    );
    const output = runtime.output(logits.shape);
    runRows(runtime, "crossEntropyGrad", [dloss!, dlogSumExp!, logits, labels, logSumExp!, output], logits, attrs);
    return output;
  },
};

export const crossEntropyGradient: GradConfig = {
  kernelName: CrossEntropy,
  inputsToSave: ["logits", "labels"],
  outputsToSave: [false, true],
  gradFunc(dys, [logits, labels, logSumExp], attrs) {
    const [dloss, dlogSumExp] = dys as [Tensor, Tensor];
    const inputs = { dloss, dlogSumExp, logits: logits!, labels: labels!, logSumExp: logSumExp! };
    return { logits: () => runKernel(CrossEntropyGrad, inputs, attrs)[0]! };
  },
};

function runRows(
  runtime: Runtime,
  kernel: "crossEntropy" | "crossEntropyGrad",
  tensors: readonly TensorInfo[],
  { shape }: TensorInfo,
  { ignoreIndex, labelSmoothing }: CrossEntropyAttrs,
): void {
  const [rows, columns] = shape as [number, number];
  const { rowsPerTask, tasks } = splitRows(rows, columns * 4);
  const addresses = tensors.map((tensor) => runtime.address(tensor));
  runtime.run(kernel, [...addresses, rows, columns, rowsPerTask, ignoreIndex, floatBits(labelSmoothing)], tasks);
}

interface Labelled {
  readonly logits: TensorInfo;
  readonly labels: TensorInfo;
}

function demandRows(kernelName: string, runtime: Runtime, inputs: KernelInputs, { ignoreIndex }: CrossEntropyAttrs): Labelled {
  const logits = demandRank(kernelName, "logits", inputs["logits"], "rows classes");
  const [rows, classes] = logits.shape as [number, number];
  const labels = demandShape(kernelName, "labels", inputs["labels"], [rows], "int32");
  const values = rows === 0 ? [] : Array.from(runtime.backend.readSync(labels.dataId) as Int32Array);
  const wrong = values.findIndex((label) => label !== ignoreIndex && !(label >= 0 && label < classes));
  if (wrong === -1) return { logits, labels };
  const expected = `from 0 to ${classes - 1}, or ${ignoreIndex} to be ignored`;
  return refuse(ValueError, kernelName, `labels[${wrong}]`, expected, values[wrong]);
}
