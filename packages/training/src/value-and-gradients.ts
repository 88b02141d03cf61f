import { engine, type Scalar, type Tensor } from "@tensorflow/tfjs-core";
import { checkTensor, type ParameterMap, refuse, scope, ShapeError, ValueError } from "@tfblocks/tensor-utils";
import "@tfblocks/tensor-utils/gradients";

const operation = "valueAndGradients";

/** Gradients by the names of their parameters; their holder disposes the tensors. */
export type Gradients = Record<string, Tensor>;

/** What {@link valueAndGradients} returns; the caller owns the tensors. */
export interface ValueAndGradients {
  readonly value: Scalar;
  /** One for each trainable parameter that the loss depends on, in its shape. */
  readonly gradients: Gradients;
}

/**
 * A loss and its gradients with respect to named parameters: value = loss() and
 * gradients[name] = ∂value / ∂parameters[name].
 *
 * Parameters that are not trainable, or that the loss does not depend on, have no gradient. It frees intermediate
 * tensors.
 *
 * @param parameters the result of `block.parameters()`
 * @param loss computes a float32 scalar from the parameters
 * @throws ValueError when no parameter is trainable, two names share one variable, or the loss depends on none of them
 * @throws ShapeError, DTypeError when the loss does not return a float32 scalar
 */
export function valueAndGradients(parameters: ParameterMap, loss: () => Tensor): ValueAndGradients {
  const trainable = Object.entries(parameters).filter(([, variable]) => variable.trainable);
  const variables = trainable.map(([, variable]) => variable);
  checkVariables(variables);
  return scope(() => {
    const { value, grads } = differentiate(variables, loss);
    if (grads.every((each) => each === undefined)) {
      refuse(ValueError, operation, "loss", "computed from the parameters", "a value that depends on none of them");
    }
    const entries = trainable.flatMap(([name], index): [string, Tensor][] => (grads[index] ? [[name, grads[index]]] : []));
    return { value, gradients: Object.fromEntries(entries) };
  });
}

function differentiate(variables: Tensor[], loss: () => Tensor): { value: Scalar; grads: (Tensor | undefined)[] } {
  try {
    return engine().gradients(() => checkScalar(loss()), variables, undefined, true);
  } catch (error) {
    freeTape();
    throw error;
  }
}

/** Frees what an interrupted forward pass saved for its gradient, which tfjs would otherwise never free. */
function freeTape(): void {
  const { state } = engine();
  if (state.gradientDepth > 0 || state.activeTape === null) return;
  for (const { saved } of state.activeTape) for (const each of saved ?? []) each.dispose();
  state.activeTape = null as never;
}

function checkScalar(value: Tensor): Scalar {
  checkTensor(operation, "loss()", value);
  if (value.rank !== 0) {
    refuse(ShapeError, operation, "loss()", "a scalar", `[${value.shape.join(", ")}]`, "reduce it with tf.mean or tf.sum");
  }
  return value as Scalar;
}

function checkVariables(variables: readonly Tensor[]): void {
  const expected = "at least one trainable variable, each under a single name";
  if (variables.length === 0) refuse(ValueError, operation, "parameters", expected, "none");
  if (new Set(variables).size < variables.length) {
    refuse(ValueError, operation, "parameters", expected, "a variable under two names", "omit the second name of tied weights");
  }
}
