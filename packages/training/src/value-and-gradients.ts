import { engine, type Scalar, Tensor } from "@tensorflow/tfjs-core";
import { checkTensor, freeTape, hold, own, type ParameterMap, refuse, scope, ShapeError, ValueError } from "@tfblocks/tensor-utils";
import "@tfblocks/tensor-utils/gradients";
import { type CountedLoss, partsOf } from "./counted-loss.js";

const operation = "valueAndGradients";

/** Gradients by the names of their parameters; their holder disposes the tensors. */
export type Gradients = Record<string, Tensor>;

/** What {@link valueAndGradients} returns; the caller owns the tensors. */
export interface ValueAndGradients {
  readonly value: Scalar;
  /** One for each trainable parameter that the loss depends on, in its shape. */
  readonly gradients: Gradients;
}

/** What {@link valueAndGradients} returns for a {@link CountedLoss}; the caller owns the tensors. */
export interface CountedValueAndGradients<Count extends Tensor | number> extends ValueAndGradients {
  readonly count: Count;
}

/**
 * A loss and its gradients with respect to named parameters: value = loss() and
 * gradients[name] = ∂value / ∂parameters[name].
 *
 * Parameters that are not trainable, or that the loss does not depend on, have no gradient. It frees intermediate
 * tensors.
 *
 * @param parameters the result of `block.parameters()`
 * @param loss computes a float32 scalar from the parameters, or a {@link CountedLoss} whose count is returned as well
 * @throws ValueError when no parameter is trainable, two names share one variable, or the loss depends on none of them
 * @throws ShapeError, DTypeError when the loss does not return a float32 scalar
 */
export function valueAndGradients(parameters: ParameterMap, loss: () => Tensor): ValueAndGradients;
export function valueAndGradients<Count extends Tensor | number>(
  parameters: ParameterMap,
  loss: () => CountedLoss<Count>,
): CountedValueAndGradients<Count>;
export function valueAndGradients(
  parameters: ParameterMap,
  loss: () => Tensor | CountedLoss,
): ValueAndGradients & Partial<CountedValueAndGradients<Tensor | number>>;
export function valueAndGradients(
  parameters: ParameterMap,
  loss: () => Tensor | CountedLoss,
): ValueAndGradients & Partial<CountedValueAndGradients<Tensor | number>> {
  const trainable = Object.entries(parameters).filter(([, variable]) => variable.trainable);
  const variables = trainable.map(([, variable]) => variable);
  checkVariables(variables);
  return scope(() => {
    const { value, grads, count } = differentiate(variables, loss);
    if (grads.every((each) => each === undefined)) {
      refuse(ValueError, operation, "loss", "computed from the parameters", "a value that depends on none of them");
    }
    const entries = trainable.flatMap(([name], index): [string, Tensor][] => (grads[index] ? [[name, grads[index]]] : []));
    return { value, gradients: Object.fromEntries(entries), ...(count !== undefined && { count }) };
  });
}

interface Derivatives {
  readonly value: Scalar;
  readonly grads: readonly (Tensor | undefined)[];
  readonly count: Tensor | number | undefined;
}

function differentiate(variables: Tensor[], loss: () => Tensor | CountedLoss): Derivatives {
  let held: Tensor | number | undefined; // tfjs frees what the forward pass does not return
  const forward = (): Scalar => {
    const { loss: value, count } = partsOf(loss());
    held = count instanceof Tensor ? hold(checkRank("loss().count", count)) : count;
    return checkScalar(value);
  };
  try {
    const { value, grads } = engine().gradients(forward, variables, undefined, true);
    return { value, grads, count: held instanceof Tensor ? own(held) : held };
  } catch (error) {
    freeTape();
    throw error;
  } finally {
    if (held instanceof Tensor) held.dispose();
  }
}

function checkScalar(value: Tensor): Scalar {
  checkTensor(operation, "loss()", value);
  return checkRank("loss()", value);
}

function checkRank(argument: string, value: Tensor): Scalar {
  if (value.rank === 0) return value as Scalar;
  return refuse(ShapeError, operation, argument, "a scalar", `[${value.shape.join(", ")}]`, "reduce it with tf.mean or tf.sum");
}

function checkVariables(variables: readonly Tensor[]): void {
  const expected = "at least one trainable variable, each under a single name";
  if (variables.length === 0) refuse(ValueError, operation, "parameters", expected, "none");
  if (new Set(variables).size < variables.length) {
    refuse(ValueError, operation, "parameters", expected, "a variable under two names", "omit the second name of tied weights");
  }
}
