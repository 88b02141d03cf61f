import { Reverse } from "@tensorflow/tfjs-core";
import type { FastKernel, KernelCall } from "../kernels/fast-kernel.js";
import { throughWords } from "./through-words.js";

/** Reverses axes, of booleans too. */
export const reverse: FastKernel = {
  kernelName: Reverse,
  run: (call: KernelCall<object>) => (call.inputs["x"]!.dtype === "bool" ? throughWords(Reverse, call) : call.stock()),
};
