import { FusedBatchNorm } from "@tensorflow/tfjs-core";
import type { FastKernel } from "./fast-kernel.js";

/** The kernel of tfjs without the names of absent inputs, for which the tape of tfjs fails. */
export const batchNorm: FastKernel = {
  kernelName: FusedBatchNorm,
  run({ inputs, stock }) {
    for (const name of ["scale", "offset"]) if (inputs[name] === undefined) Reflect.deleteProperty(inputs, name);
    return stock();
  },
};
