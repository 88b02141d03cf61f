import {
  All,
  Any,
  BitwiseAnd,
  Equal,
  type GradConfig,
  Greater,
  GreaterEqual,
  Less,
  LessEqual,
  LogicalAnd,
  LogicalNot,
  LogicalOr,
  LogicalXor,
  Multinomial,
  NotEqual,
  SearchSorted,
  type Tensor,
  zeros,
} from "@tensorflow/tfjs-core";
import { gradientOf } from "./typed-gradient.js";

/** The gradient of what does not move with an input: 0, in float32 whatever the input is. */
export function nothing(input: Tensor): Tensor {
  return zeros(input.shape);
}

/** What a comparison, a logical operation or a draw passes on to its inputs: nothing. tfjs throws where it meets one. */
function passesNothing(kernelName: string, inputs: readonly string[]): GradConfig {
  return gradientOf({
    kernelName,
    inputsToSave: [...inputs],
    gradFunc: (_, saved) => Object.fromEntries(inputs.map((name, index) => [name, () => nothing(saved[index]!)])),
  });
}

const ofTwo = [Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual, LogicalAnd, LogicalOr, LogicalXor, BitwiseAnd];

/** Gradients of kernels whose outputs are steps of their inputs. */
export const stepGradients: readonly GradConfig[] = [
  ...ofTwo.map((name) => passesNothing(name, ["a", "b"])),
  ...[LogicalNot, Any, All].map((name) => passesNothing(name, ["x"])),
  passesNothing(Multinomial, ["logits"]),
  passesNothing(SearchSorted, ["sortedSequence", "values"]),
];
