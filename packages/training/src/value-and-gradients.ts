import { engine, type Scalar, type Tensor } from "@tensorflow/tfjs-core";
import { checkTensor, type ParameterMap, refuse, scope, ShapeError, ValueError } from "@tfblocks/tensor-utils";
import "@tfblocks/tensor-utils/gradients";
import type { Gradients } from "./gradients.js";

const operation = "valueAndGradients";

/** What {@link valueAndGradients} gives; every tensor belongs to the caller. */
export interface ValueAndGradients {
  readonly value: Scalar;
  /** One for each trainable parameter that the loss depends on, in its shape. */
  readonly gradients: Gradients;
}

/**
 * A loss and its gradients by named parameters: value = loss(), gradients[name] = ∂value / ∂parameters[name].
 *
 * A parameter that the loss does not depend on, or that is not trainable, has no entry. What the loss makes on its way is freed.
 *
 * @param parameters as `block.parameters()` gives them
 * @param loss computes a float32 scalar from the parameters
 * @throws ValueError when no parameter is trainable, two names share one variable, or the loss depends on none of them
 * @throws ShapeError, DTypeError when the loss gives no float32 scalar
 */
export function valueAndGradients(parameters: ParameterMap, loss: () => Tensor): ValueAndGradients {
  const trained = Object.entries(parameters).filter(([, variable]) => variable.trainable);
  const variables = trained.map(([, variable]) => variable);
  checkVariables(variables);
  return scope(() => {
    const { value, grads } = differentiate(variables, loss);
    if (grads.every((each) => each === undefined)) {
      refuse(ValueError, operation, "loss", "computed from the parameters", "a value that depends on none of them");
    }
    const entries = trained.flatMap(([name], index): [string, Tensor][] => (grads[index] ? [[name, grads[index]]] : []));
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

/** What an interrupted forward pass saved for its gradient, which tfjs would keep for ever. */
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
  const expected = "at least one trainable variable, each under one name";
  if (variables.length === 0) refuse(ValueError, operation, "parameters", expected, "none");
  if (new Set(variables).size < variables.length) {
    refuse(ValueError, operation, "parameters", expected, "one under two names", "leave the second name of tied weights out");
  }
}
