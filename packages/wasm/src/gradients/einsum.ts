import { Einsum, type EinsumAttrs, type GradConfig, type Tensor } from "@tensorflow/tfjs-core";
import { contract } from "../einsum/contract.js";
import { readEquation } from "../einsum/equation.js";
import { readOperand, writeOperand } from "../einsum/operand.js";
import { gradientOf } from "./typed-gradient.js";

/** `tf.einsum`: for each input, the contraction of the gradient with all other inputs over the labels that the input lacks. */
export const einsumGradient: GradConfig = gradientOf<EinsumAttrs>({
  kernelName: Einsum,
  saveAllInputs: true,
  gradFunc: (gradient, inputs, { equation }) =>
    Object.fromEntries(inputs.map((_, index) => [index, () => gradientOfInput(index, gradient, inputs, equation)])),
});

function gradientOfInput(index: number, gradient: Tensor, inputs: readonly Tensor[], equation: string): Tensor {
  const { terms, output, sizes } = readEquation(
    equation,
    inputs.map(({ shape }) => shape),
  );
  const operands = inputs.map((input, at) => readOperand(input, terms[at]!, sizes));
  const others = [{ tensor: gradient, labels: output }, ...operands.toSpliced(index, 1)];
  const known = new Set(others.flatMap(({ labels }) => labels));
  const labels = operands[index]!.labels.filter((label) => known.has(label));
  return writeOperand({ tensor: contract(others, labels, sizes), labels }, inputs[index]!.shape, terms[index]!, sizes);
}
