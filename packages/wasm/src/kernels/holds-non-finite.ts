import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Runtime } from "../runtime/runtime.js";
import { sizeOf } from "../sizes.js";

const numbersPerTask = 2 ** 16;

/** Whether a float32 tensor holds a NaN or an infinity. */
export function holdsNonFinite(runtime: Runtime, tensor: TensorInfo): boolean {
  const size = sizeOf(tensor.shape);
  const tasks = Math.ceil(size / numbersPerTask);
  return runtime.scratch(tasks * 4, (flags) => {
    runtime.run("findNonFinite", { x: runtime.address(tensor), size, numbersPerTask, flags }, tasks);
    return runtime.words(flags, tasks).some((flag) => flag !== 0);
  });
}
