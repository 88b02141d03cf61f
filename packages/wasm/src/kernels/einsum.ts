import { cast, Einsum, type EinsumAttrs, type Tensor, type TensorInfo } from "@tensorflow/tfjs-core";
import { scope } from "@tfblocks/tensor-utils";
import { contract } from "../einsum/contract.js";
import { readEquation } from "../einsum/equation.js";
import { readOperand } from "../einsum/operand.js";
import type { FastKernel, KernelCall } from "./fast-kernel.js";

/** Einstein sums of any number of tensors, as matrix products; other types are computed in float32. */
export const einsum: FastKernel = {
  kernelName: Einsum,
  run({ inputs, attrs: { equation } }: KernelCall<EinsumAttrs>) {
    const tensors = Object.values(inputs) as Tensor[];
    const isWhole = tensors.every(({ dtype }) => dtype !== "float32");
    return scope((): TensorInfo => {
      const { terms, output, sizes } = readEquation(
        equation,
        tensors.map(({ shape }) => shape),
      );
      const operands = tensors.map((tensor, index) => readOperand(cast(tensor, "float32"), terms[index]!, sizes));
      return cast(contract(operands, output, sizes), isWhole ? "int32" : "float32");
    });
  },
};
