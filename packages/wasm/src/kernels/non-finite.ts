import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Runtime } from "../runtime/runtime.js";
import { sizeOf } from "../sizes.js";

const numbersPerTask = 2 ** 16;

/** Calls a function with the address of a word, which is 1 if one of these float32 tensors holds a NaN or an infinity, else 0. */
export function withNonFinite(runtime: Runtime, tensors: readonly TensorInfo[], body: (address: number) => void): void {
  const tasks = tensors.map(({ shape }) => Math.ceil(sizeOf(shape) / numbersPerTask));
  const count = tasks.reduce((sum, each) => sum + each, 0);
  runtime.scratch((count + 1) * 4, (any) => {
    let flags = any + 4;
    for (const [index, tensor] of tensors.entries()) {
      runtime.run("findNonFinite", { x: runtime.address(tensor), size: sizeOf(tensor.shape), numbersPerTask, flags }, tasks[index]!);
      flags += tasks[index]! * 4;
    }
    runtime.run("anyFlag", { flags: any + 4, count, any });
    body(any);
  });
}
