import { FusedBatchNorm } from "@tensorflow/tfjs-core";
import type { FastKernel } from "./fast-kernel.js";

/** tfjs's, without naming inputs that are not there: its tape looks at each that is named, and fails. */
export const batchNorm: FastKernel = {
  kernelName: FusedBatchNorm,
  run({ inputs, stock }) {
    for (const name of ["scale", "offset"]) if (inputs[name] === undefined) Reflect.deleteProperty(inputs, name);
    return stock();
  },
};
