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

/** A zero gradient, in float32 for an input of any type. */
export function nothing(input: Tensor): Tensor {
  return zeros(input.shape);
}

/** The gradient of comparisons, logical operations and random draws: zero. tfjs throws an error for them. */
function passesNothing(kernelName: string, inputs: readonly string[]): GradConfig {
  return gradientOf({
    kernelName,
    inputsToSave: [...inputs],
    gradFunc: (_, saved) => Object.fromEntries(inputs.map((name, index) => [name, () => nothing(saved[index]!)])),
  });
}

const ofTwo = [Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual, LogicalAnd, LogicalOr, LogicalXor, BitwiseAnd];

/** Gradients of kernels whose outputs are step functions of their inputs. */
export const stepGradients: readonly GradConfig[] = [
  ...ofTwo.map((name) => passesNothing(name, ["a", "b"])),
  ...[LogicalNot, Any, All].map((name) => passesNothing(name, ["x"])),
  passesNothing(Multinomial, ["logits"]),
  passesNothing(SearchSorted, ["sortedSequence", "values"]),
];
