import type { GradConfig, Tensor, TensorInfo } from "@tensorflow/tfjs-core";
import { refuse, ValueError } from "@tfblocks/tensor-utils";
import { CrossEntropy, type CrossEntropyAttrs, CrossEntropyGrad, runKernel } from "@tfblocks/tensor-utils/kernels";
import { gradientOf } from "../gradients/typed-gradient.js";
import type { Runtime } from "../runtime/runtime.js";
import { splitRows } from "../runtime/split-tasks.js";
import { demandRank, demandShape } from "./checks.js";
import type { FastKernel, KernelCall, KernelInputs } from "./fast-kernel.js";

export const crossEntropy: FastKernel = {
  kernelName: CrossEntropy,
  run({ runtime, inputs, attrs }: KernelCall<CrossEntropyAttrs>) {
    const { logits, labels } = demandRows(CrossEntropy, runtime, inputs, attrs);
    const [loss, logSumExp] = [runtime.output(labels.shape), runtime.output(labels.shape)];
    const { sizes, tasks } = splitLogits(logits, attrs);
    const given = { logits: runtime.address(logits), labels: runtime.address(labels) };
    runtime.run("crossEntropy", { ...given, loss: runtime.address(loss), logSumExp: runtime.address(logSumExp), ...sizes }, tasks);
    return [loss, logSumExp];
  },
};

export const crossEntropyGrad: FastKernel = {
  kernelName: CrossEntropyGrad,
  run({ runtime, inputs, attrs }: KernelCall<CrossEntropyAttrs>) {
    const { logits, labels } = demandRows(CrossEntropyGrad, runtime, inputs, attrs);
    const row = (name: string) => runtime.address(demandShape(CrossEntropyGrad, name, inputs[name], labels.shape));
    const rows = { dloss: row("dloss"), dlogSumExp: row("dlogSumExp"), logSumExp: row("logSumExp") };
    const dlogits = runtime.output(logits.shape);
    const { sizes, tasks } = splitLogits(logits, attrs);
    const tensors = { logits: runtime.address(logits), labels: runtime.address(labels), dlogits: runtime.address(dlogits) };
    runtime.run("crossEntropyGrad", { ...rows, ...tensors, ...sizes }, tasks);
    return dlogits;
  },
};

export const crossEntropyGradient: GradConfig = gradientOf<CrossEntropyAttrs, Tensor[]>({
  kernelName: CrossEntropy,
  inputsToSave: ["logits", "labels"],
  outputsToSave: [false, true],
  gradFunc(dys, [logits, labels, logSumExp], attrs) {
    const inputs = { dloss: dys[0]!, dlogSumExp: dys[1]!, logits: logits!, labels: labels!, logSumExp: logSumExp! };
    return { logits: () => runKernel(CrossEntropyGrad, inputs, attrs)[0] };
  },
});

/** The sizes of a call and its number of tasks. */
function splitLogits({ shape }: TensorInfo, { ignoreIndex, labelSmoothing }: CrossEntropyAttrs) {
  const [rows, columns] = shape as [number, number];
  const { rowsPerTask, tasks } = splitRows(rows, columns * 4);
  return { sizes: { rows, columns, rowsPerTask, ignoreIndex, smoothing: labelSmoothing }, tasks };
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
